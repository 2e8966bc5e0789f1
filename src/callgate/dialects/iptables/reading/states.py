"""Connection states and TCP flags.

``NEW`` stands for the first packet of a connection, so for TCP for a SYN without ACK: a
test of flags that tells this packet from all others is a test of the state, exactly.
Other tests of flags say something certain about that packet too; what they say about the
rest is a condition.
"""

from functools import lru_cache
from typing import Final

from callgate.dialects.iptables.reading.draft import Draft
from callgate.rules import ANY_STATE, Condition, ConnectionState, Literal

NEW: Final = ConnectionState.NEW
NOT_NEW: Final = ANY_STATE & ~NEW
_STATES: Final = {str(state.name): state for state in ConnectionState}
#: Words of ``--ctstate`` that speak of address translation, which is no state of ours.
_TRANSLATED: Final = ("SNAT", "DNAT")
_FLAGS: Final = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")


@lru_cache(maxsize=1024)
def state_drafts(text: str, negated: bool) -> tuple[list[list[Draft]], bool]:
    """What a list of states holds, and whether address translation is a part of it.

    Lists of alternatives, one of each of which must hold; ValueError names a word that
    is no state.
    """
    found, translated = _states(text)
    rest = ANY_STATE & ~found
    if negated:
        literals = tuple(Literal(each, negated=True) for each in translated)
        return [[Draft(state=rest, literals=literals)]], bool(translated)
    others = [Draft(state=rest, literals=(Literal(each),)) for each in translated]
    plain = [Draft(state=found)] if found or not others else []
    return [[*plain, *others]], bool(translated)


def _states(text: str) -> tuple[ConnectionState, list[Condition]]:
    found = ConnectionState(0)
    translated: list[Condition] = []
    for word in text.upper().split(","):
        if word in _STATES:
            found |= _STATES[word]
        elif word in _TRANSLATED:
            translated.append(Condition(f"-m conntrack --ctstate {word}"))
        else:
            raise ValueError(f"not a connection state: {word!r} ({', '.join(_STATES)})")
    return found, translated


def flag_drafts(mask_text: str, set_text: str, negated: bool) -> list[Draft]:
    """What ``--tcp-flags MASK SET`` holds, as alternatives; ValueError for a wrong flag."""
    mask, wanted = _flags(mask_text), _flags(set_text)
    literal = Literal(Condition(f"-p tcp --tcp-flags {_words(mask)} {_words(wanted)}"), negated)
    holds_syn = wanted == mask & {"SYN"}
    only_syn = holds_syn and {"SYN", "ACK"} <= mask
    if only_syn:
        return [Draft(state=NOT_NEW if negated else NEW)]
    if not wanted <= mask or not mask:
        holds = (not mask and not wanted) != negated
        return [Draft(state=ANY_STATE if holds else ConnectionState(0))]
    rest = Draft(state=NOT_NEW, literals=(literal,))
    return [Draft(state=NEW), rest] if holds_syn != negated else [rest]


def _flags(text: str) -> frozenset[str]:
    every = text.upper().split(",")
    if every in (["NONE"], ["ALL"]):
        return frozenset(_FLAGS if every == ["ALL"] else ())
    wrong = [word for word in every if word not in _FLAGS]
    if wrong:
        raise ValueError(f"not a TCP flag: {wrong[0]!r} ({', '.join(_FLAGS)})")
    return frozenset(every)


def _words(flags: frozenset[str]) -> str:
    return ",".join(flag for flag in _FLAGS if flag in flags) or "NONE"

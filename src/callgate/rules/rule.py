"""Rules and the chains that they stand in."""

from dataclasses import dataclass
from enum import Enum

from callgate.flows import Family
from callgate.places import Place
from callgate.rules.match import ANYTHING, BOTH_FAMILIES, Match


class Action(Enum):
    """What happens to a packet that matches.

    ``UNMODELLED`` is an action whose effect we do not know (QUEUE, an inspection engine):
    the answer for what meets it is *unknown*.
    """

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    JUMP = "jump"
    GOTO = "goto"
    RETURN = "return"
    CONTINUE = "continue"
    UNMODELLED = "unmodelled"

    # Members are compared by identity. The hash of Enum is made in Python, of the name: too
    # slow for what every rule of a long list is asked many times.
    __hash__ = object.__hash__

    @property
    def denies(self) -> bool:
        """Whether the packet dies here."""
        return self in {Action.DROP, Action.REJECT}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``text`` is the line as the user wrote it, ``target`` a chain's name.

    Rules that a parser made from one line follow each other and share place and text.
    A rule that is switched off in the configuration is kept, with ``enabled`` false.
    """

    action: Action
    match: Match
    place: Place
    text: str
    target: str = ""
    enabled: bool = True

    def __post_init__(self) -> None:
        leads_on = self.action is Action.JUMP or self.action is Action.GOTO
        if leads_on != bool(self.target):
            raise ValueError("a jump or a goto, and nothing else, has a target")


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order, and what becomes of a packet that none of them decides.

    ``default`` is accept, drop or reject for a base chain or a flat list, and RETURN for
    a chain that others jump to; ``default_place`` and ``default_text`` show the line that
    says so, if there is one. A packet of a family that the chain does not see
    (``families``) passes it.
    """

    name: str
    rules: tuple[Rule, ...]
    default: Action = Action.RETURN
    families: frozenset[Family] = BOTH_FAMILIES
    place: Place = Place("")  # noqa: RUF009 - immutable
    default_place: Place | None = None
    default_text: str = ""

    @property
    def last(self) -> Rule:
        """The default, as the rule that it is."""
        text = self.default_text or f"default of {self.name}: {self.default.value}"
        return Rule(self.default, ANYTHING, self.default_place or self.place, text)

"""Options that ask for one of many: alternatives, and membership in a named set."""

from typing import Final

from callgate.dialects.iptables.reading.draft import Draft
from callgate.dialects.iptables.reading.rule import RuleReader
from callgate.dialects.iptables.reading.sets import Contents, OpaqueSet
from callgate.dialects.iptables.reading.tokens import quoted
from callgate.rules import Varies

_TOO_MANY: Final = "too many combinations in one rule; answers depend on it"


def require(reader: RuleReader, alternatives: list[Draft], text: str) -> None:
    """One of several must hold; a condition where that would be too many matches."""
    if not reader.draft.fork(alternatives):
        reader.condition(text, False, _TOO_MANY)


def match_set(reader: RuleReader, option: str) -> None:
    """``--match-set NAME FLAGS``, with the contents of the set if they are known."""
    name, flags_text = reader.argument(), reader.argument()
    negated = reader.taken_negation()
    text = quoted(["-m", "set", option, name, flags_text])
    flags = flags_text.split(",")
    if not set(flags) <= {"src", "dst"}:
        raise ValueError(f"not flags of a set: {flags_text!r} (src, dst)")
    settings = _set_settings(reader)
    contents = reader.sets.get(name)
    if contents is None or isinstance(contents, OpaqueSet) or settings:
        hint = f"set {name!r}: {'its counters decide' if settings else _why(contents)}"
        reader.condition(f"{text}{settings}", negated, hint, varies=Varies.LISTED)
        return
    if len(flags) < contents.dimensions:
        raise ValueError(f"set {name!r} wants {contents.dimensions} flags, not {flags_text!r}")
    forks = contents.outside(flags) if negated else [contents.inside(flags)]
    mark = "! " if negated else ""
    for fork in forks:
        require(reader, fork, f"{mark}{text}")


def _why(contents: Contents | OpaqueSet | None) -> str:
    if isinstance(contents, OpaqueSet):
        return f"sets of this type are not modelled: {contents.why}"
    return "its contents are not here; give the output of 'ipset save' too"


def _set_settings(reader: RuleReader) -> str:
    """The options after ``--match-set`` that change when it matches."""
    kept: list[str] = []
    while reader.index < len(reader.words):
        rest = reader.words[reader.index : reader.index + 2]
        mark = ["!"] if rest[0] == "!" else []
        option = rest[-1] if mark else rest[0]
        if option not in _SET_SETTINGS:
            break
        reader.index += len(mark) + 1
        arguments = [reader.argument() for _ in range(_SET_SETTINGS[option])]
        if option not in _SET_COUNTING:
            kept += [*mark, option, *arguments]
    return f" {quoted(kept)}" if kept else ""


#: Options that follow ``--match-set``, and their arguments.
_SET_SETTINGS: Final = {
    "--return-nomatch": 0, "--update-counters": 0, "--update-subcounters": 0,
    "--packets-eq": 1, "--packets-lt": 1, "--packets-gt": 1,
    "--bytes-eq": 1, "--bytes-lt": 1, "--bytes-gt": 1,
}  # fmt: skip
#: Those that only say whether the set counts.
_SET_COUNTING: Final = ("--update-counters", "--update-subcounters")

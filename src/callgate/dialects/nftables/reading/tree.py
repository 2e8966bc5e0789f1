"""The tree that the grammar yields: expressions, statements, rules (no meaning yet).

A leaf is the :class:`~callgate.dialects.nftables.reading.tokens.Token` itself, so every
part knows its place. :func:`render` writes an expression in one canonical way: matches
that mean the same text become the same condition.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from callgate.dialects.nftables.reading.tokens import Kind, Token
from callgate.places import Place


@dataclass(frozen=True, slots=True)
class Selector:
    """A field of the packet or of its surroundings: ``ip saddr``, ``meta iifname``."""

    words: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Prefix:
    """``192.0.2.0/24``; with names also ``syn / syn,ack``."""

    base: "Expression"
    length: "Expression"


@dataclass(frozen=True, slots=True)
class Range:
    """``1000-2000``, both ends included."""

    low: "Expression"
    high: "Expression"


@dataclass(frozen=True, slots=True)
class Concatenation:
    """``ip saddr . tcp dport``, or a key of such a set."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """``established,related``: bits of a mask, united."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """``left & right`` and its like; ``weight`` counts the operators in it."""

    operator: str
    left: "Expression"
    right: "Expression"
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Element:
    """One entry of a set (``data`` None) or a map; ``key`` None is ``*``."""

    key: "Expression | None"
    data: "Expression | Verdict | None" = None
    passing: bool = False  # it carries a timeout: it may be gone by now


@dataclass(frozen=True, slots=True, eq=False)
class Elements:
    """``{ … }``. Compared by identity: a definition used twice is the same object."""

    entries: tuple[Element, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class SetName:
    """``@name``."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Lookup:
    """``key map { … }`` as a value."""

    key: "Expression"
    mapping: "Expression"


Expression: TypeAlias = (
    Token
    | Selector
    | Prefix
    | Range
    | Concatenation
    | Listing
    | Binary
    | Elements
    | SetName
    | Lookup
)


class Outcome(Enum):
    """What a verdict does."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    CONTINUE = "continue"
    RETURN = "return"
    JUMP = "jump"
    GOTO = "goto"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict; ``chain`` is where a jump or goto leads."""

    outcome: Outcome
    place: Place
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """``left operator right``; the operator of ``tcp dport 22`` is the empty string."""

    left: Expression
    operator: str
    right: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class VerdictMap:
    """``key vmap { … }`` or ``key vmap @name``."""

    key: Expression
    mapping: Expression
    place: Place


class Manner(Enum):
    """What a statement that is no match and no verdict may do to a packet's fate."""

    HARMLESS = "harmless"  # counts, marks, comments: the next statement follows
    LOG = "log"  # the same, and leaves a trace
    CONDITION = "condition"  # the rule ends here unless something holds: limit, quota
    NAT = "nat"  # changes the addresses and ends the chain like accept
    UNTRACK = "untrack"  # connection tracking will not see the packet
    REWRITE = "rewrite"  # changes a field that rules match on
    FOREIGN = "foreign"  # decides by means that the ruleset does not show: queue, tproxy
    UNKNOWN = "unknown"  # we do not know the word


@dataclass(frozen=True, slots=True)
class Action:
    """A statement kept as text, by what it may do; ``updates`` names a set it fills."""

    manner: Manner
    text: str
    place: Place
    updates: str = ""
    hint: str = ""


Statement: TypeAlias = Match | VerdictMap | Verdict | Action


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its statements in order, and its text."""

    statements: tuple[Statement, ...]
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Base:
    """What makes a chain a base chain; ``priority`` is resolved to its number."""

    type: str
    hook: str
    priority: int
    place: Place
    devices: bool = False


@dataclass(slots=True)
class Chain:
    """A chain while the text is being read."""

    name: str
    place: Place
    base: Base | None = None
    policy: str = "accept"
    policy_place: Place | None = None
    rules: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class NamedSet:
    """A set or map while the text is being read."""

    name: str
    place: Place
    is_map: bool
    flags: frozenset[str] = frozenset()
    entries: list[Element] = field(default_factory=list)
    to_verdict: bool = False


@dataclass(slots=True)
class Table:
    """A table while the text is being read."""

    family: str
    name: str
    place: Place
    dormant: bool = False
    chains: dict[str, Chain] = field(default_factory=dict)
    sets: dict[str, NamedSet] = field(default_factory=dict)


def render(item: "Expression | Element | Verdict | None") -> str:
    """An expression as text: one space between parts, quotes only where they are needed."""
    match item:
        case None:
            return "*"
        case Token():
            return _leaf(item)
        case Verdict():
            return f"{item.outcome.value} {item.chain}".strip()
        case Element():
            data = "" if item.data is None else f" : {render(item.data)}"
            return render(item.key) + data
        case Elements():
            return "{ " + ", ".join(sorted(map(render, item.entries))) + " }"
        case _:
            return _compound(item)


def _compound(item: Expression) -> str:
    match item:
        case Selector():
            text = " ".join(item.words)
        case Prefix():
            text = f"{render(item.base)}/{render(item.length)}"
        case Range():
            text = f"{render(item.low)}-{render(item.high)}"
        case Concatenation():
            text = " . ".join(map(render, item.parts))
        case Listing():
            text = ",".join(map(render, item.parts))
        case Binary():
            text = f"({render(item.left)} {item.operator} {render(item.right)})"
        case SetName():
            text = f"@{item.name}"
        case Lookup():
            text = f"{render(item.key)} map {render(item.mapping)}"
        case _:
            text = str(item)
    return text


def _leaf(token: Token) -> str:
    if token.kind is Kind.STRING and " " not in token.text:
        return token.value
    if token.kind is Kind.NUMBER and token.text[:2] in ("0x", "0X"):
        return str(int(token.text, 16)) if len(token.text) <= 40 else token.text
    return token.text


def place_of(item: Expression) -> Place:
    """Where an expression begins."""
    while True:
        match item:
            case Range():
                item = item.low
            case Prefix():
                item = item.base
            case Binary():
                item = item.left
            case Lookup():
                item = item.key
            case Concatenation() | Listing():
                item = item.parts[0]
            case _:
                return item.place

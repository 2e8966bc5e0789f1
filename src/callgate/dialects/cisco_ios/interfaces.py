"""Interfaces of a router: their lists, in each direction, and their zone.

Source: "Cisco IOS Security Command Reference", ``ip access-group``, ``ipv6
traffic-filter``, ``zone-member security``.
"""

from dataclasses import dataclass, field

from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco_ios import keywords
from callgate.rules import Literal


@dataclass
class Interface:
    """One interface; ``lists`` are the names bound to each direction, with their lines.

    ``inspected`` says whether inspection (CBAC) lets answers in.
    """

    name: str
    line: Line
    lists: dict[str, list[tuple[str, Line]]] = field(default_factory=dict)
    zone: str = ""
    inspected: tuple[Literal, ...] = ()

    @property
    def filters(self) -> bool:
        """Whether anything here decides what passes."""
        return bool(self.zone or any(self.lists.values()))


def read_interface(statement: Statement, findings: Findings) -> Interface:
    """One ``interface`` with its body."""
    found = Interface(" ".join(statement.head.words[1:]), statement.head)
    for line in statement.body:
        if not _binding(line, found) and not _reported(line, found, findings):
            _look_at(line, findings)
    return found


def _binding(line: Line, interface: Interface) -> bool:
    """Take what binds a list or a zone; whether the line does."""
    words = line.words
    if words[0] == "no" and _is_binding(words[1:]):
        _take_back(words[1:], interface)
    elif not _is_binding(words):
        return False
    elif words[0] == "zone-member":
        interface.zone = words[2]
    else:
        _take_back(words, interface)  # a new binding replaces the old one of its family
        interface.lists.setdefault(words[3], []).append((words[2], line))
    return True


def _is_binding(words: tuple[str, ...]) -> bool:
    match words:
        case ("ip", "access-group", _, "in" | "out", *_):
            return True
        case ("ipv6", "traffic-filter", _, "in" | "out") | ("zone-member", "security", _):
            return True
    return False


def _take_back(words: tuple[str, ...], interface: Interface) -> None:
    if words[0] == "zone-member":
        interface.zone = ""
        return
    kept = [each for each in interface.lists.get(words[3], []) if each[1].words[0] != words[0]]
    interface.lists[words[3]] = kept


def _reported(line: Line, interface: Interface, findings: Findings) -> bool:
    for length in (1, 2):
        hint = keywords.INTERFACE_UNMODELLED.get(line.words[:length])
        if hint is None:
            continue
        if line.words[1:2] == ("inspect",):
            interface.inspected += (findings.condition(line, line.text, hint),)
        else:
            findings.report(line, hint)
        return True
    return False


def _look_at(line: Line, findings: Findings) -> None:
    """Report a line that is neither modelled nor known not to matter."""
    word, second = line.words[0], "".join(line.words[1:2])
    if word in {"ip", "ipv6"}:
        known = second in keywords.IP_INTERFACE
    else:
        known = word in keywords.INTERFACE
    if not known:
        findings.report(line, "this command of an interface is not known")

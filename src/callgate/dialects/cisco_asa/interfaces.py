"""Interfaces of the ASA: name, security level, addresses.

Source: "Cisco ASA Series Command Reference", ``nameif``, ``security-level``: an interface
that is named ``inside`` begins with level 100, every other one with 0.
"""

from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.cisco import addresses
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.lines import Line, Statement
from callgate.dialects.cisco_asa import keywords
from callgate.flows import IntervalSet
from callgate.rules import Addresses

_HIGHEST: Final = 100


@dataclass
class Interface:
    """A named interface; ``line`` is the one that says its level, or its name."""

    name: str
    line: Line
    level: int
    own: list[Addresses] = field(default_factory=list)
    management_only: bool = False

    @property
    def addresses(self) -> Addresses | None:
        """Its own addresses, if the configuration says any."""
        if not self.own:
            return None
        return Addresses(
            IntervalSet.of(*(pair for each in self.own for pair in each.v4)),
            IntervalSet.of(*(pair for each in self.own for pair in each.v6)),
        )


def read_interface(statement: Statement, findings: Findings) -> Interface | None:
    """One ``interface`` with its body; None when it has no name and passes nothing."""
    names = [line for line in statement.body if line.words[0] == "nameif"]
    found = None
    if names and len(names[-1].words) == 2:
        name = names[-1].words[1]
        found = Interface(name, names[-1], _HIGHEST if name == "inside" else 0)
    for line in statement.body:
        if _value(line, found) if found else line.words[0] == "security-level":
            continue  # a level without a name: nothing passes there
        _look_at(line, findings)
    return found


def _value(line: Line, interface: Interface) -> bool:
    """Take what a line says of a named interface; whether it says something."""
    words = line.words
    if words[0] == "security-level" and len(words) == 2 and _is_level(words[1]):
        interface.level, interface.line = int(words[1]), line
    elif words == ("nameif", interface.name):
        return True
    elif words == ("management-only",):
        interface.management_only = True
    elif words[:2] == ("ip", "address") and len(words) > 2 and addresses.is_v4(words[2]):
        value = addresses.v4(words[2])
        interface.own.append(addresses.v4_range(value, value))
    elif words[:2] == ("ipv6", "address") and len(words) > 2 and ":" in words[2]:
        _v6_address(words[2], interface)
    else:
        return False
    return True


def _is_level(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= _HIGHEST


def _v6_address(word: str, interface: Interface) -> None:
    try:
        interface.own.append(addresses.v6_prefix(word.partition("/")[0]))
    except ValueError:
        return  # an address made of a general prefix: not known here


def _look_at(line: Line, findings: Findings) -> None:
    """Report a line that is neither modelled nor known not to matter."""
    word = line.words[0]
    if word in keywords.INTERFACE_UNMODELLED:
        findings.report(line, keywords.INTERFACE_UNMODELLED[word])
    elif word in {"security-level", "nameif"}:
        findings.report(line, "this is no name, or no level (0 to 100)")
    elif word not in keywords.INTERFACE and word not in {"no", "management-only"}:
        findings.report(line, "this command of an interface is not known")

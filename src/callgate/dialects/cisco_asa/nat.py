"""Address translation on the ASA, as notes: who it concerns, and the line that says so.

Source: "Cisco ASA Series Command Reference", ``nat (global)``, ``nat (object)``. From 8.3
on access lists hold real addresses, so a note explains and does not change the verdict.
"""

import re
from typing import Final

from callgate.dialects.cisco.ends import Alternative
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.dialects.cisco.lines import Line, Statement
from callgate.rules import ANYTHING, BOTH_FAMILIES, Addresses, Interfaces, Match

#: First words of the commands that translate addresses; the last two are those of 8.2.
COMMANDS: Final = frozenset({"nat", "static", "global"})
_PAIR: Final = re.compile(r"\(([^,()\s]+)(?:,([^,()\s]+))?\)")


def note_translation(line: Line, findings: Findings) -> None:
    """Note one ``nat``, ``static`` or ``global`` command."""
    findings.note("nat", line, _between(line))


def note_object_translation(
    statement: Statement, networks: Groups[Alternative], findings: Findings
) -> None:
    """Note the ``nat`` lines of an object; they concern the object's addresses."""
    name = statement.head.words[2] if len(statement.head.words) > 2 else ""
    for line in statement.body:
        if line.words[0] == "nat":
            findings.note("nat", line, _between(line, _plain(name, networks)))


def _plain(name: str, networks: Groups[Alternative]) -> Addresses | None:
    """The addresses of an object whose value is just addresses."""
    if name not in networks:
        return None
    parts = networks.resolve(name)
    if len(parts) != 1 or parts[0].condition or parts[0].families != BOTH_FAMILIES:
        return None
    addresses = parts[0].addresses
    return None if addresses is None or addresses.names else addresses


def _between(line: Line, source: Addresses | None = None) -> Match:
    """What a translation between two interfaces can meet; a static one works both ways."""
    pair = _PAIR.search(line.text)
    if pair is None or "static" in line.words or line.words[0] in {"static", "global"}:
        return ANYTHING
    return Match(
        source=source,
        in_interface=_interface(pair[1]),
        out_interface=_interface(pair[2]) if pair[2] else None,
    )


def _interface(name: str) -> Interfaces | None:
    return None if name == "any" else Interfaces((name,))

"""What can be said of a PAC file without running it, by line and column."""

from callgate.pac.lint import calls, matching, modern, returns
from callgate.pac.readers import Reader
from callgate.pac.syntax import Script
from callgate.places import Place
from callgate.verdicts import Finding, Line, Severity


def lint(script: Script, reader: Reader) -> tuple[Finding, ...]:
    """Everything that one reader trips over, in the order of the file."""
    if script.trouble is not None:
        place = script.trouble
        message = (
            "the parser does not understand the file from here on: it is run all the same, but "
            "not read further, and no statement is named"
        )
        return (
            Finding("pac-syntax", Severity.WARNING, message, Line(place, script.line(place.line))),
        )
    found = [
        finding
        for rules in (matching, calls, returns, modern)
        for finding in rules.findings(script, reader)
    ]
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[int, int, str]:
    place = finding.line.place if finding.line is not None else Place(finding.kind)
    return place.line, place.column, finding.kind

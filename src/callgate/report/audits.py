"""What ``callgate check`` found, for people: tables, blamed lines, what else is open."""

from collections.abc import Iterator

from callgate.check.audit import Audit
from callgate.check.excess import Excess, ExcessReport
from callgate.check.scenarios import NeedAnswer, ScenarioAnswer
from callgate.flows import Family, IntervalSet, NameAtoms, Packet, Protocol
from callgate.flows.axes import NAME_BASE, PORT_MAX, PROTOCOL_MAX
from callgate.report.tables import Table
from callgate.verdicts import Evidence, Finding, Verdict

#: How many lines of each kind a report for people shows before it counts the rest.
SHOWN = 10


def scenario_table(audit: Audit) -> Table:
    """A row for each need of each scenario."""
    rows = [row for answer in audit.scenarios for row in _rows(answer)]
    return Table(("Scenario", "Verdict", "Need", "Answer"), tuple(rows), audit.source)


def _rows(answer: ScenarioAnswer) -> Iterator[tuple[str, ...]]:
    name, verdict = answer.needs.scenario.id, str(answer.verdict)
    for need in answer.answers:
        yield name, verdict, need.asked.title, _said(need)
        name = verdict = ""
    if not answer.answers:
        yield name, verdict, "nothing that it must do", "the document only advises"


def _said(need: NeedAnswer) -> str:
    """The answer in a few words: who blocks it, or why it cannot be told."""
    if need.verdict is Verdict.SATISFIED:
        return str(need.verdict)
    lines = [each.line for each in need.answer.evidence if each.line is not None]
    if need.verdict is Verdict.BLOCKED and lines:
        what = "answers blocked" if need.back else "blocked"
        file = lines[0].place.source.rpartition("/")[2]
        return f"{what} by {file}:{lines[0].place.line}"
    return f"{need.verdict}: {need.reason}"


def path_line(audit: Audit) -> str:
    """Which way the media of a call can take."""
    if not audit.paths:
        return "No path for media is proved to be open."
    return f"Media can go by {', '.join(audit.paths)}."


def unmodelled_lines(audit: Audit) -> Iterator[str]:
    """What stands in the configurations and is not understood, with its place."""
    found = [each for device in audit.devices for each in device.unmodelled]
    if found:
        count = "1 statement" if len(found) == 1 else f"{len(found)} statements"
        yield f"Not modelled: {count}; answers that meet such a thing say so"
    for each in found[:SHOWN]:
        yield f"  {each.place}: {each.text}" + (f" ({each.hint})" if each.hint else "")
    if len(found) > SHOWN:
        yield f"  … and {len(found) - SHOWN} more (-o json lists all)"


def blames(audit: Audit) -> Iterator[str]:
    """For each need that does not hold: the packet, and the line that stops it."""
    told: set[str] = set()
    for scenario in audit.scenarios:
        for need in scenario.answers:
            if need.verdict is Verdict.SATISFIED:
                continue
            text = "\n".join(_blame(need, scenario.needs.atoms))
            if text not in told:
                told.add(text)
                yield text


def _blame(need: NeedAnswer, atoms: NameAtoms) -> Iterator[str]:
    yield f"{need.asked.title}: {need.verdict} at {need.source}: {need.reason}"
    for evidence in need.answer.evidence[:SHOWN]:
        yield from _evidence(evidence, atoms)
    if len(need.answer.evidence) > SHOWN:
        yield f"  … and {len(need.answer.evidence) - SHOWN} more lines"
    if need.answer.conditions:
        listed = ", ".join(need.answer.conditions[:SHOWN])
        more = len(need.answer.conditions) - SHOWN
        yield f"  depends on: {listed}" + (f" … and {more} more" if more > 0 else "")
    for note in need.answer.notes[:SHOWN]:
        yield f"  {note.kind} touches it: {note.place}: {note.text}"


def packet_words(packet: Packet, atoms: NameAtoms) -> str:
    """A packet as it prints, with its destination's name where that is one."""
    text = str(packet)
    if packet.to_name:
        text = text.replace(
            f"name#{packet.destination - NAME_BASE}", atoms.label(packet.destination)
        )
    return text


def _evidence(evidence: Evidence, atoms: NameAtoms) -> Iterator[str]:
    if evidence.witness is not None:
        witness = evidence.witness
        ways = [
            f"{word} {name}"
            for word, name in (("in by", witness.in_interface), ("out by", witness.out_interface))
            if name
        ]
        yield f"  packet  {packet_words(witness.packet, atoms)}" + (
            f" ({', '.join(ways)})" if ways else ""
        )
        if witness.assumptions:
            yield f"  taking  {', '.join(map(str, witness.assumptions))}"
    if evidence.asking is not None:
        yield f"  request {evidence.asking}"
        if evidence.asking.assumptions:
            yield f"  taking  {', '.join(map(str, evidence.asking.assumptions))}"
    if evidence.line is not None:
        yield f"  line    {evidence.line.place}: {evidence.line.text}"


def excess_lines(report: ExcessReport, reference: str, atoms: NameAtoms) -> Iterator[str]:
    """What is open beyond the reference, riskiest first."""
    if not report.services:
        yield f"Nothing is open beyond {reference}."
        return
    yield f"Open beyond {reference}: {report.total} kinds of service, riskiest first"
    for service in report.services[:SHOWN]:
        yield f"  {service_title(service)}"
        if service.evidence.line is not None:
            yield f"    by {service.evidence.line.place}: {service.evidence.line.text}"
        if service.evidence.witness is not None:
            yield f"    as {packet_words(service.evidence.witness.packet, atoms)}"
    if report.total > SHOWN:
        yield f"  … and {report.total - SHOWN} more"


def service_title(service: Excess) -> str:
    """``IPv4 TCP 22 (4294967296 flows)``; says when it hangs on a condition."""
    doubt = "" if service.certain else ", under conditions"
    words = service_words(service.family, service.protocols, service.ports)
    return f"{words} ({_count(service.flows)} flows{doubt})"


def service_words(family: Family, protocols: IntervalSet, ports: IntervalSet) -> str:
    """``IPv4 TCP 22, 80-90``; no ports where all are meant."""
    words = [str(family), protocols_text(protocols)]
    if ports.size <= PORT_MAX:
        words.append(_ranges(ports))
    return " ".join(words)


def protocols_text(protocols: IntervalSet) -> str:
    """Protocol names; ``any protocol`` for all of them."""
    if protocols.size > PROTOCOL_MAX:
        return "any protocol"
    if protocols.size > SHOWN:
        return f"{protocols.size} protocols"
    numbers = [number for low, high in protocols for number in range(low, high + 1)]
    return ", ".join(_protocol(number) for number in numbers)


def _protocol(number: int) -> str:
    try:
        return str(Protocol(number)).upper()
    except ValueError:
        return f"protocol {number}"


def _ranges(ports: IntervalSet) -> str:
    shown = [str(low) if low == high else f"{low}-{high}" for low, high in ports]
    more = len(shown) - SHOWN
    return ", ".join(shown[:SHOWN]) + (f" … and {more} more" if more > 0 else "")


def _count(number: int) -> str:
    return str(number) if number < 10**6 else f"{number:.1e}"


def finding_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Hygiene and doubts, one line each."""
    for finding in findings[:SHOWN]:
        where = f"{finding.line.place}: " if finding.line is not None else ""
        yield f"{where}{finding.severity.value}: {finding.message}"
    if len(findings) > SHOWN:
        yield f"… and {len(findings) - SHOWN} more findings (-o json lists all)"

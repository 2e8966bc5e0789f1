"""What a proxy answers to a scenario, and what else is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.check.limits import TooComplexError
from callgate.check.needs import Asked
from callgate.check.proxy.asking import PLAIN_TURN, Wanted, Way, patterns_of, wanted
from callgate.check.proxy.device import ProxyDevice
from callgate.check.proxy.entries import entry_findings
from callgate.check.proxy.judging import Fault, faults, judge
from callgate.check.proxy.width import too_wide
from callgate.check.scenarios import NeedAnswer
from callgate.check.sufficiency import Answer
from callgate.flows import FlowSet
from callgate.policy.site import Site
from callgate.profiles.model import Profile, Scenario
from callgate.verdicts import Finding, Line, Severity, Verdict

_TOLERABLE: Final = "tolerable while media goes by UDP; the document asks to exempt these names"
_WHY: Final = {True: "opens TLS to", False: "does not exempt"}
#: How many faults of one kind are told as findings.
_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class ProxyAnswers:
    """The answers to what a scenario needs, and what it only advises."""

    needs: tuple[NeedAnswer, ...]
    advice: tuple[Finding, ...]
    open_ports: frozenset[int]  # at which media gets through as it is


def proxy_answers(
    profile: Profile, site: Site, scenario: Scenario, device: ProxyDevice
) -> ProxyAnswers:
    """Ask a proxy everything that a scenario wants of it."""
    try:
        wants = wanted(profile, Way(site, device.listener), scenario, device.ruleset)
    except TooComplexError as error:
        answer = Answer(Verdict.UNKNOWN, error.message)
        asked = Asked(f"{scenario.id}.names", "the names of the document", FlowSet(), None)
        unknown = NeedAnswer(asked, answer.verdict, answer.reason, device.source, answer)
        return ProxyAnswers((unknown,), (), frozenset())
    answers = [(want, _answer(want, device)) for want in wants]
    needs = tuple(answer for want, answer in answers if not want.tolerable)
    advice = tuple(
        finding
        for want, answer in answers
        if want.tolerable and answer.verdict is not Verdict.SATISFIED
        for finding in _advice(want, answer, device)
    )
    return ProxyAnswers(needs, advice, frozenset(_open_ports(answers)))


def _answer(want: Wanted, device: ProxyDevice) -> NeedAnswer:
    try:
        answer = judge(device.ruleset, want.question, want.names)
    except TooComplexError as error:
        answer = Answer(Verdict.UNKNOWN, error.message)
    asked = Asked(want.id, want.title, FlowSet(), None)
    return NeedAnswer(asked, answer.verdict, answer.reason, device.source, answer)


def _advice(want: Wanted, answer: NeedAnswer, device: ProxyDevice) -> Iterator[Finding]:
    """A warning for each line that opens what should be left alone."""
    if answer.verdict is not Verdict.BLOCKED:
        line = next((each.line for each in answer.answer.evidence), None)
        yield Finding("inspected", Severity.WARNING, f"{answer.reason}: {_TOLERABLE}", line)
        return
    by_line: dict[Line | None, list[Fault]] = {}
    for fault in faults(device.ruleset, want.question, want.names):
        by_line.setdefault(fault.evidence.line, []).append(fault)
    for line, found in list(by_line.items())[:_TOLD]:
        labels = [fault.label for fault in found]
        shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if labels[3:] else "")
        message = f"{_WHY[device.ruleset.role is None]} {shown}: {_TOLERABLE}"
        yield Finding("inspected", Severity.WARNING, message, line, found[0].evidence)


def _open_ports(answers: list[tuple[Wanted, NeedAnswer]]) -> Iterator[int]:
    """The ports at which CONNECT gets through and TURN is not touched inside."""
    for port in {want.port for want, _ in answers}:
        touching = ".plain" if port == PLAIN_TURN else ".inspection"
        needed = [
            answer.verdict
            for want, answer in answers
            if want.port == port and want.id.endswith((".connect", touching))
        ]
        if len(needed) == 2 and set(needed) == {Verdict.SATISFIED}:
            yield port


def proxy_findings(profile: Profile, site: Site, device: ProxyDevice) -> Iterator[Finding]:
    """What is wrong with a proxy's configuration by itself, or as far as these names go."""
    ruleset = device.ruleset
    yield from ruleset.findings
    yield from entry_findings(ruleset, patterns_of(profile, site))
    yield from _port(device)
    try:
        scenario = max(profile.scenarios, key=lambda each: each.rank)
        wants = wanted(profile, Way(site, device.listener), scenario, ruleset)
        for want in wants[:1]:
            yield from too_wide(ruleset, want.names)
    except TooComplexError as error:
        yield Finding("too-complex", Severity.WARNING, f"exemptions: {error.message}")


def _port(device: ProxyDevice) -> Iterator[Finding]:
    listeners = device.ruleset.listeners
    if device.listener and listeners and device.listener not in {each.port for each in listeners}:
        ports = ", ".join(str(each.port) for each in listeners)
        message = f"clients are sent to port {device.listener}, and it listens at {ports}"
        yield Finding("no-listener", Severity.WARNING, message)

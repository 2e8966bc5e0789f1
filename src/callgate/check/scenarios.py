"""Which of the vendor's scenarios a configuration realises, need by need.

A need holds at a device when every one of its packets passes and the answers pass on
their way back. Devices stand in series (``--then``): a need holds when it holds at each,
and the first one at which it does not is to blame. A scenario is as good as its worst
need.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_network

from callgate.check.asking import Question
from callgate.check.back import return_path
from callgate.check.limits import TooComplexError
from callgate.check.needs import Asked, ScenarioNeeds
from callgate.check.prepared import Prepared
from callgate.check.sufficiency import Answer, nothing_passes, sufficiency
from callgate.flows import Family, FlowSet, prefixes_of
from callgate.flows.boxes import Box
from callgate.policy.notices import opened_paths
from callgate.profiles.model import Profile
from callgate.rules import Unmodelled
from callgate.verdicts import Verdict

#: Flows that never leave the box: 127.0.0.0/8 and ::1 (RFC 1122 section 3.2.1.3, RFC 4291).
_TO_ITSELF = FlowSet.of(
    *(
        replace(Box.everything(family), destination=prefixes_of((ip_network(text),), family))
        for family, text in ((Family.V4, "127.0.0.0/8"), (Family.V6, "::1/128"))
    )
)
#: Worst first.
ORDER = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.DEPENDS, Verdict.SATISFIED)


@dataclass(frozen=True, slots=True)
class Device:
    """A configuration and the way through it."""

    prepared: Prepared
    question: Question

    @property
    def source(self) -> str:
        """What the user calls the configuration."""
        return self.prepared.ruleset.source

    @property
    def dialect(self) -> str:
        """Its language."""
        return self.prepared.ruleset.dialect

    @property
    def entry(self) -> str:
        """The name of the way through it."""
        return self.question.entry

    @property
    def families(self) -> Collection[Family]:
        """The address families that it decides."""
        return self.prepared.ruleset.families

    @property
    def rule_count(self) -> int:
        """How many rules it holds."""
        return self.prepared.ruleset.rule_count

    @property
    def unmodelled(self) -> tuple[Unmodelled, ...]:
        """What is not modelled in it."""
        return self.prepared.ruleset.unmodelled


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """One need at all devices.

    ``source`` is the device that decides; ``back`` tells that it is the answers which
    fail there.
    """

    asked: Asked
    verdict: Verdict
    reason: str
    source: str
    answer: Answer
    back: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioAnswer:
    """One scenario: its verdict, the answer to each need, and the paths that are open."""

    needs: ScenarioNeeds
    answers: tuple[NeedAnswer, ...]
    paths: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the needs' verdicts."""
        return worst(answer.verdict for answer in self.answers)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; satisfied when there are none."""
    return min(verdicts, key=ORDER.index, default=Verdict.SATISFIED)


def check_scenario(
    profile: Profile, needs: ScenarioNeeds, devices: tuple[Device, ...]
) -> ScenarioAnswer:
    """Ask every device about every need of a scenario."""
    answers = tuple(_ask(asked, devices) for asked in needs.asked)
    holding = {each.asked.id for each in answers if each.verdict is Verdict.SATISFIED}
    open_needs = tuple(
        need
        for need in needs.scenario.needs
        if {need.id, f"{need.id}.to-proxy", f"{need.id}.from-proxy"} & holding
    )
    paths = tuple(step.id for step in opened_paths(profile, open_needs))
    return ScenarioAnswer(needs, answers, paths)


def _ask(asked: Asked, devices: tuple[Device, ...]) -> NeedAnswer:
    """The first device at which the need does not hold decides, else the last one."""
    found = [_at(device, asked) for device in devices]
    verdict = worst(each.verdict for each in found)
    return next(each for each in found if each.verdict is verdict)


def _at(device: Device, asked: Asked) -> NeedAnswer:
    try:
        return _decided(device, asked)
    except TooComplexError as error:
        answer = Answer(Verdict.UNKNOWN, error.message)
        return NeedAnswer(asked, Verdict.UNKNOWN, error.message, device.source, answer)


def _decided(device: Device, asked: Asked) -> NeedAnswer:
    prepared = device.prepared
    flows = in_families(asked.flows, prepared.ruleset.families)
    question = _for(flows, device.question)
    out = sufficiency(prepared, question, flows)
    if out.verdict is Verdict.SATISFIED:
        back = return_path(prepared, question, flows)
        if back.verdict is Verdict.SATISFIED:
            return NeedAnswer(asked, out.verdict, out.reason, device.source, out)
        reason = f"the answers: {back.reason}"
        return NeedAnswer(asked, back.verdict, reason, device.source, back, back=True)
    # Where no address at all is open, no list can be, whichever it is.
    if asked.missing and not nothing_passes(prepared, question, flows):
        reason = f"not every address is open, and {asked.missing} was not supplied"
        return NeedAnswer(asked, Verdict.UNKNOWN, reason, device.source, out)
    return NeedAnswer(asked, out.verdict, out.reason, device.source, out)


def _for(flows: FlowSet, question: Question) -> Question:
    """A host reaches itself (a stub resolver) through the loopback and through nothing else."""
    if question.not_through and flows <= _TO_ITSELF:
        return replace(question, not_through=(), out_interface=question.not_through[0])
    return question


def in_families(flows: FlowSet, families: frozenset[Family]) -> FlowSet:
    """Those flows that belong to the families which a configuration decides."""
    return flows & FlowSet.of(*(Box.everything(family) for family in families))

"""Everything that ``callgate check`` says about one configuration.

An audit asks which scenarios hold, what is open beyond the best of them, and what is dead
or doubtful in the rules. What is too complex to decide is said and nothing is left out in
silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_network

from callgate.check.excess import ExcessReport, excess
from callgate.check.hygiene import hygiene
from callgate.check.limits import TooComplexError
from callgate.check.needs import ScenarioNeeds, needs_of
from callgate.check.scenarios import Device, ScenarioAnswer, check_scenario
from callgate.errors import UsageError
from callgate.flows import Box, Family, FlowSet, IntervalSet, NameAtoms, PortRange, prefixes_of
from callgate.flows.boxes import any_destination
from callgate.policy.build import select
from callgate.policy.model import Direction
from callgate.policy.site import On, Service, Site
from callgate.profiles.model import Profile
from callgate.rules import Entry, Ruleset
from callgate.verdicts import Finding, Severity, Verdict, exit_code

#: How many entries an error names.
_LISTED = 12
_HOOKS = {On.ROUTER: "forward", On.HOST: "output"}


@dataclass(frozen=True, slots=True)
class Audit:
    """The answers about one configuration (or about several in series: ``devices``).

    ``excess`` is None when it was too complex; ``findings`` then say so. ``reference`` is
    the scenario that excess is measured against.
    """

    profile: Profile
    devices: tuple[Device, ...]
    scenarios: tuple[ScenarioAnswer, ...]
    chosen: bool
    excess: ExcessReport | None
    reference: str
    findings: tuple[Finding, ...]

    @property
    def source(self) -> str:
        """What the user calls the configuration."""
        return " then ".join(device.prepared.ruleset.source for device in self.devices)

    @property
    def atoms(self) -> NameAtoms:
        """The name atoms of every packet in the answers."""
        return self.devices[0].question.atoms

    @property
    def paths(self) -> tuple[str, ...]:
        """The ladder's steps that some scenario's needs prove to be open, best first."""
        found = [path for answer in self.scenarios for path in answer.paths]
        ladder = [step.id for step in self.profile.ladder]
        return tuple(step for step in ladder if step in found)

    def exit_code(self, *, fail_on_excess: bool) -> int:
        """As DESIGN says: with chosen scenarios all must hold, else one is enough."""
        verdicts = [answer.verdict for answer in self.scenarios]
        if not self.chosen and Verdict.SATISFIED in verdicts:
            verdicts = [Verdict.SATISFIED]
        elif not self.chosen and set(verdicts) != {Verdict.BLOCKED}:
            # Not one is proved, but not all are disproved either.
            verdicts = [Verdict.UNKNOWN]
        code = exit_code(verdicts)
        if code == 0 and fail_on_excess:
            if self.excess is None:
                return 3
            return 1 if self.excess.services else 0
        return code


def choose_entry(
    ruleset: Ruleset,
    on: On,
    name: str | None,
    interfaces: tuple[str | None, str | None] = (None, None),
) -> Entry:
    """The way through a device that calls take; UsageError when it must be named.

    ``name`` is what the user says; else the two interfaces name it, or there is only one.
    """
    if name is not None:
        return ruleset.entry(name)
    between = " > ".join(interface or "" for interface in interfaces)
    fitting = [entry for entry in ruleset.entries if entry.name == between]
    fitting = fitting or [entry for entry in ruleset.entries if entry.hook == _HOOKS[on]]
    if not fitting and len(ruleset.entries) == 1:
        return ruleset.entries[0]
    if len(fitting) == 1:
        return fitting[0]
    what = (
        "there are several ways through it"
        if fitting
        else f"it has no rules for what a {on} does ({_HOOKS[on]})"
    )
    raise UsageError(
        f"{ruleset.source}: {what}",
        hint="name the one that calls take with --chain, --interface or --zone: "
        + _listed([entry.name for entry in fitting or ruleset.entries]),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_LISTED]) or "there is none"
    return shown + (f" … and {len(names) - _LISTED} more" if len(names) > _LISTED else "")


def audit(
    profile: Profile, site: Site, scenario_ids: tuple[str, ...], devices: tuple[Device, ...]
) -> Audit:
    """Ask everything about one configuration; raises UsageError for an impossible site."""
    site = replace(site, families=_families(site, devices))
    scenarios = select(profile, scenario_ids or tuple(each.id for each in profile.scenarios))
    needs = [needs_of(profile, site, scenario) for scenario in scenarios]
    devices = tuple(
        replace(device, question=replace(device.question, atoms=needs[0].atoms))
        for device in devices
    )
    answers = tuple(check_scenario(profile, each, devices) for each in needs)
    reference = _reference(answers, chosen=bool(scenario_ids))
    opened, findings = _excess(devices, site, reference)
    findings += [finding for device in devices for finding in _dead(device)]
    return Audit(
        profile,
        devices,
        answers,
        bool(scenario_ids),
        opened,
        ", ".join(each.scenario.id for each in reference),
        tuple(findings),
    )


def _families(site: Site, devices: tuple[Device, ...]) -> tuple[Family, ...]:
    """Those families of the site that at least one device decides."""
    decided = frozenset().union(*(device.prepared.ruleset.families for device in devices))
    return tuple(family for family in site.families if family in decided) or site.families


def _reference(answers: tuple[ScenarioAnswer, ...], *, chosen: bool) -> list[ScenarioNeeds]:
    """The scenarios that excess is measured against: the chosen ones, or the best that holds."""
    if chosen:
        return [answer.needs for answer in answers]
    holding = [answer.needs for answer in answers if answer.verdict is Verdict.SATISFIED]
    return holding[:1] or [answer.needs for answer in answers]


def _excess(
    devices: tuple[Device, ...], site: Site, reference: list[ScenarioNeeds]
) -> tuple[ExcessReport | None, list[Finding]]:
    """What the last device lets through beyond the reference and the site's other needs."""
    allowed = _services(site.other_needs, site)
    for needs in reference:
        for direction in Direction:
            allowed |= needs.policy.flows(direction)
        for asked in needs.asked:
            if asked.missing is not None:
                allowed |= _to_anywhere(asked.flows)
    last = devices[-1]
    try:
        return excess(last.prepared, last.question, allowed), []
    except TooComplexError as error:
        return None, [Finding("too-complex", Severity.WARNING, f"excess: {error.message}")]


def _dead(device: Device) -> Iterator[Finding]:
    """The dead lines, and how many rules could not be judged."""
    source = device.prepared.ruleset.source
    try:
        found = hygiene(device.prepared)
    except TooComplexError as error:
        yield Finding("too-complex", Severity.NOTE, f"{source}: dead rules: {error.message}")
        return
    yield from found.findings
    if found.decided < found.total:
        left = found.total - found.decided
        message = f"{source}: {left} of {found.total} rules could not be judged dead or alive"
        yield Finding("undecided", Severity.NOTE, message)


def _to_anywhere(flows: FlowSet) -> FlowSet:
    """A list that is not known may be any: nothing that goes to it is excess."""
    return FlowSet.of(
        *(replace(box, destination=any_destination(box.family)) for box in flows.boxes())
    )


def _services(services: Iterable[Service], site: Site) -> FlowSet:
    everyone = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    return FlowSet.of(
        *(
            Box(
                family,
                IntervalSet.points((service.protocol,)),
                prefixes_of(site.clients or everyone, family),
                prefixes_of(service.networks, family)
                if service.networks
                else any_destination(family),
                destination_port=PortRange.union(service.ports),
            )
            for service in services
            for family in site.families
        )
    )

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
from callgate.check.proxy.device import ProxyDevice
from callgate.check.proxy.width import TOO_WIDE
from callgate.check.scenarios import Device, ScenarioAnswer, check_scenario
from callgate.check.walk import NO_ATOMS
from callgate.errors import UsageError
from callgate.flows import Box, FlowSet, IntervalSet, NameAtoms, PortRange, prefixes_of
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

    ``excess`` is None when it was too complex, and ``findings`` then say so, or when no
    device filters packets. ``reference`` is the scenario that excess is measured against.
    """

    profile: Profile
    devices: tuple[Device | ProxyDevice, ...]
    scenarios: tuple[ScenarioAnswer, ...]
    chosen: bool
    excess: ExcessReport | None
    reference: str
    findings: tuple[Finding, ...]

    @property
    def source(self) -> str:
        """What the user calls the configuration."""
        return " then ".join(device.source for device in self.devices)

    @property
    def atoms(self) -> NameAtoms:
        """The name atoms of every packet in the answers."""
        return next((each.question.atoms for each in self.filters), NO_ATOMS)

    @property
    def filters(self) -> tuple[Device, ...]:
        """The devices that filter packets; the others decide by name."""
        return tuple(device for device in self.devices if isinstance(device, Device))

    @property
    def paths(self) -> tuple[str, ...]:
        """The ladder's steps that some scenario's needs prove to be open, best first."""
        found = [path for answer in self.scenarios for path in answer.paths]
        ladder = [name for step in self.profile.ladder for name in (step.id, proxied(step.id))]
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
        return self._excess_code() if code == 0 and fail_on_excess else code

    def _excess_code(self) -> int:
        if any(finding.kind == TOO_WIDE for finding in self.findings):
            return 1
        if self.excess is None:
            return 3 if self.filters else 0
        return 1 if self.excess.services else 0


def proxied(path: str) -> str:
    """The name of a path that leads through the site's proxy."""
    return f"{path}@proxy"


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
    site = decided_families(site, devices)
    scenarios = select(profile, scenario_ids or tuple(each.id for each in profile.scenarios))
    needs = [needs_of(profile, site, scenario) for scenario in scenarios]
    devices = tuple(
        replace(device, question=replace(device.question, atoms=needs[0].atoms))
        for device in devices
    )
    answers = tuple(check_scenario(profile, each, devices) for each in needs)
    reference = reference_of(answers, chosen=bool(scenario_ids))
    opened, findings = excess_of(devices, site, reference)
    findings += [finding for device in devices for finding in dead_lines(device)]
    return Audit(
        profile,
        devices,
        answers,
        bool(scenario_ids),
        opened,
        ", ".join(each.scenario.id for each in reference),
        tuple(findings),
    )


def decided_families(site: Site, devices: tuple[Device, ...]) -> Site:
    """The site, with those of its families that at least one device decides."""
    decided = frozenset().union(*(device.prepared.ruleset.families for device in devices))
    families = tuple(family for family in site.families if family in decided)
    return replace(site, families=families or site.families)


def reference_of(answers: tuple[ScenarioAnswer, ...], *, chosen: bool) -> list[ScenarioNeeds]:
    """The scenarios that excess is measured against: the chosen ones, or the best that holds."""
    if chosen:
        return [answer.needs for answer in answers]
    holding = [answer.needs for answer in answers if answer.verdict is Verdict.SATISFIED]
    return holding[:1] or [answer.needs for answer in answers]


def excess_of(
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


def dead_lines(device: Device) -> Iterator[Finding]:
    """The dead lines, and how many rules could not be judged."""
    source = device.source
    try:
        found = hygiene(device.prepared, removals=True)
    except TooComplexError as error:
        yield Finding("too-complex", Severity.NOTE, f"{source}: dead rules: {error.message}")
        return
    yield from found.findings
    if found.decided < found.total:
        left = found.total - found.decided
        message = f"{source}: {left} of {found.total} rules could not be judged dead or alive"
        yield Finding("undecided", Severity.NOTE, message)
    if found.unweighed:
        what = "whether later lines do the same was not found out"
        message = f"{source}: of {found.unweighed} of {found.total} rules {what}"
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

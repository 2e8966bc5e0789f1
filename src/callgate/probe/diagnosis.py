"""From results to words: what a call does now, what it could do, and what to change (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Final

from callgate.dialects import registry
from callgate.dialects.base import Mender
from callgate.errors import CallgateError
from callgate.policy.build import build
from callgate.policy.site import Edge, Site
from callgate.probe.findings import PathResult
from callgate.probe.remedies import remedy
from callgate.probe.targets import PROXIED, SIGNALLING, Plan
from callgate.profiles.model import Profile, Scenario
from callgate.verdicts import Cause, Outcome, Verdict

_NOWHERE: Final = "none"
#: Causes that a rule of a packet filter can cure.
_FILTERED: Final = frozenset({Cause.DROP, Cause.REJECT})


@dataclass(frozen=True, slots=True)
class Change:
    """One change and what it would give. ``lines`` are in the words of ``dialect``."""

    path: str
    words: str
    dialect: str = ""
    lines: tuple[str, ...] = ()
    hint: str = ""  # what to add to the command line to get lines


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``now`` is the path that a call takes, ``none`` when there is none.

    ``best`` is the best path that nothing speaks against once the change is made.
    """

    now: str
    best: str
    sentences: tuple[str, ...]
    change: Change | None


def diagnose(
    profile: Profile, site: Site, plan: Plan, results: tuple[PathResult, ...], dialect: str
) -> Diagnosis:
    """The diagnosis, with a change in the words of a dialect (see ``--dialect``)."""
    by_path = {each.path: each for each in results}
    ladder = [by_path[path] for path in app_ladder(plan) if path in by_path]
    now = next((each for each in ladder if each.usable), None)
    above = ladder[: ladder.index(now)] if now else ladder
    target = _target(above)
    signalling = _signalling(plan, by_path)
    broken = signalling is not None and signalling.outcome is Outcome.BLOCKED
    change = None
    if broken and signalling is not None:
        change = _change(profile, site, signalling, dialect)
    elif target is not None:
        change = _change(profile, site, target, dialect)
    best = target.path if target else now.path if now else _NOWHERE
    sentences = tuple(_sentences(now, above, signalling, ladder))
    return Diagnosis(now.path if now else _NOWHERE, best, sentences, change)


def app_ladder(plan: Plan) -> tuple[str, ...]:
    """The paths that the app itself would take, best first: with a proxy, all TCP goes there."""
    if not plan.proxied:
        return plan.ladder
    through = {each for each in plan.ladder if each.endswith(PROXIED)}
    return tuple(each for each in plan.ladder if each + PROXIED not in through)


def verdicts(
    profile: Profile, plan: Plan, results: tuple[PathResult, ...], scenarios: tuple[str, ...]
) -> dict[str, Verdict]:
    """What the results mean for scenarios: their media path and signalling together."""
    by_path = {each.path: each for each in results}
    chosen = [profile.scenario(each) for each in scenarios] or list(profile.scenarios)
    return {each.id: _scenario(each, plan, by_path) for each in chosen}


def _scenario(scenario: Scenario, plan: Plan, by_path: dict[str, PathResult]) -> Verdict:
    media = next(
        (
            by_path[path]
            for path in app_ladder(plan)
            if path.removesuffix(PROXIED) == scenario.media
        ),
        None,
    )
    parts = [media.outcome.verdict if media else Verdict.UNKNOWN]
    signalling = _signalling(plan, by_path)
    parts.append(signalling.outcome.verdict if signalling else Verdict.UNKNOWN)
    for worst in (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.DEPENDS):
        if worst in parts:
            return worst
    return Verdict.SATISFIED


def _signalling(plan: Plan, by_path: dict[str, PathResult]) -> PathResult | None:
    """Signalling as the app does it: through the proxy when it has one."""
    through = by_path.get(SIGNALLING + PROXIED) if plan.proxied else None
    return through or by_path.get(SIGNALLING)


def _target(above: list[PathResult]) -> PathResult | None:
    """The best path that is spoilt and that somebody could mend."""
    return next((each for each in above if each.outcome is Outcome.BLOCKED), None)


def _sentences(
    now: PathResult | None,
    above: list[PathResult],
    signalling: PathResult | None,
    ladder: list[PathResult],
) -> Iterator[str]:
    if signalling is not None and signalling.outcome is not Outcome.WORKS:
        yield f"Signalling, which every call needs: {signalling.outcome} ({signalling.summary})."
    if now is not None:
        spoilt = f" ({now.summary})" if now.outcome is Outcome.DEGRADED else ""
        yield f"From here a call takes {now.path}{spoilt}."
    elif any(each.outcome is Outcome.INCONCLUSIVE for each in ladder):
        yield "No path for media was seen to work, and not every one is known to be blocked."
    elif all(each.outcome is Outcome.NOT_CHECKED for each in ladder):
        yield "No path for media was checked."
    else:
        yield "No path for media works from here."
    for each in above:
        if each.outcome is Outcome.BLOCKED:
            yield f"{each.path} is blocked ({each.cause}): {each.summary}."
        elif each.outcome is Outcome.INCONCLUSIVE:
            yield f"{each.path} is inconclusive: {each.summary}."
        elif each.outcome is Outcome.NOT_CHECKED and each.remedy:
            yield f"{each.path} was not checked: {each.summary} ({each.remedy})."


def _change(profile: Profile, site: Site, result: PathResult, dialect: str) -> Change:
    best = result.best
    who = best.offender if best else ""
    words = remedy(profile, result, who)
    if result.cause not in _FILTERED:
        return Change(result.path, words)
    try:
        lines = _lines(profile, site, result.path.removesuffix(PROXIED), dialect)
    except CallgateError as error:
        return Change(result.path, words, hint=error.hint or error.message)
    hint = "" if site.clients else "--client NET limits the rule to your clients"
    return Change(result.path, words, dialect if lines else "", lines, hint)


def _lines(profile: Profile, site: Site, path: str, dialect: str) -> tuple[str, ...]:
    """The rules of the scenario that goes this way, as single lines."""
    mender = registry.find(dialect)
    if not isinstance(mender, Mender):
        return ()
    scenario = next((each for each in profile.scenarios if each.media == path), None)
    carries = "signalling" if scenario is None else "media"
    if scenario is None:
        scenario = profile.scenarios[0]
    everybody = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    asked = replace(site, edge=Edge.CLIENT, proxy=None, clients=site.clients or everybody)
    wanted = {each.id for each in scenario.needs if carries in each.carries}
    rules = tuple(
        rule if site.clients else replace(rule, sources=None)
        for rule in build(profile, asked, (scenario.id,)).rules
        if rule.id in wanted
    )
    return mender.allow_lines(rules, site.on)

"""The smallest change that lets a blocked need pass, in the words of the box itself."""

from collections.abc import Iterator

from callgate.check.audit import Audit
from callgate.check.scenarios import NeedAnswer, ScenarioAnswer
from callgate.dialects import registry
from callgate.dialects.base import Mender
from callgate.policy.model import Rule, State
from callgate.rules import Ruleset
from callgate.verdicts import Verdict


def fixes(audit: Audit) -> Iterator[str]:
    """For each blocked need, the lines to add and the line that they must stand before.

    Nothing for a dialect that cannot be generated, or a need whose networks are not known.
    """
    told: set[tuple[str, ...]] = set()
    for scenario in audit.scenarios:
        for need in scenario.answers:
            if need.verdict is Verdict.BLOCKED and need.asked.missing is None:
                found = tuple(_fix(audit, scenario, need))
                if found not in told:
                    told.add(found)
                    yield from found


def _fix(audit: Audit, scenario: ScenarioAnswer, need: NeedAnswer) -> Iterator[str]:
    ruleset = _ruleset(audit, need.source)
    dialect = "" if ruleset is None else ruleset.dialect
    if dialect not in registry.names():
        return
    mender = registry.find(dialect)
    if not isinstance(mender, Mender):
        return
    policy = scenario.needs.policy
    rules = tuple(rule for rule in policy.rules if _wanted(rule, need))
    lines = mender.allow_lines(rules, policy.on)
    if not lines:
        return
    what = f"the answers to {need.asked.title}" if need.back else need.asked.title
    yield f"To let {what} pass, add to {need.source}{_where(audit, need)}:"
    yield from (f"  {line}" for line in lines)


def _where(audit: Audit, need: NeedAnswer) -> str:
    """Before the line to blame, or behind everything where that is a chain's default."""
    blamed = next((each for each in need.answer.evidence if each.line is not None), None)
    if blamed is None or blamed.line is None or not blamed.walk:
        return ""
    ruleset = _ruleset(audit, need.source)
    chain = None if ruleset is None else ruleset.chains.get(blamed.walk[-1].chain)
    if chain is not None and chain.last.place == blamed.line.place:
        return f", at the end of {chain.name}"
    return f", before line {blamed.line.place.line}"


def _wanted(rule: Rule, need: NeedAnswer) -> bool:
    if need.back:
        return rule.state is State.ESTABLISHED
    return rule.id == need.asked.id


def _ruleset(audit: Audit, source: str) -> Ruleset | None:
    """What the packet filter of that name says; None for a proxy."""
    rulesets = (device.prepared.ruleset for device in audit.filters)
    return next((each for each in rulesets if each.source == source), None)

"""By domain: TCP to the addresses that the application's names were resolved to.

A packet carries no name. dnsmasq on the same box sees every answer that its clients get,
and puts the addresses into the sets that the rules ask about. The sets are empty at first;
an address leaves a day after its last new connection.
"""

from collections.abc import Iterator
from dataclasses import replace

from callgate.dialects.base import Artifact
from callgate.dialects.dnsmasq import files
from callgate.dialects.dnsmasq.sets import LIMITS, SETS, nft_lines
from callgate.dialects.nftables.sets import STAYS
from callgate.dialects.wording import commented
from callgate.flows import Family, FlowSet
from callgate.policy.model import Anywhere, Domains, Policy, Rule


def _rules(policy: Policy) -> tuple[Rule, ...]:
    return tuple(rule for rule in policy.rules if isinstance(rule.destination, Domains))


def _families(policy: Policy) -> list[Family]:
    return [each for each in Family if any(rule.family is each for rule in _rules(policy))]


def resolver(policy: Policy, table: str) -> tuple[Artifact, ...]:
    """The file for dnsmasq; nothing where no rule goes by domain."""
    families = _families(policy)
    if not families:
        return ()
    sets = ", ".join(SETS[family] for family in families)
    facts = {"Sets": f"{sets} in table {table}: load callgate.nft before dnsmasq starts"}
    lines = nft_lines(files.names(policy), families, table)
    return (files.artifact(policy, facts, lines),)


def by_name_notes(policy: Policy) -> Iterator[str]:
    """What the rules themselves must say of names."""
    families = _families(policy)
    if families:
        sets = ", ".join(SETS[family] for family in families)
        yield from commented(
            "Names",
            f"dnsmasq fills {sets} ({files.FILE}, beside this file); an address leaves {STAYS} "
            "after its last new connection",
        )
        for limit in LIMITS:
            yield from commented("Limit", limit)


def by_name_excess(policy: Policy) -> tuple[FlowSet, str]:
    """At most what "All" would open: which other names share the addresses is not known."""
    rules = _rules(policy)
    if not rules:
        return FlowSet(), ""
    atoms = policy.atoms
    most = FlowSet.of(*(replace(rule, destination=Anywhere()).box(atoms) for rule in rules))
    named = FlowSet.of(*(rule.box(atoms) for rule in rules))
    return most - named, files.excess(policy)

"""nftables as a dialect: capabilities, and the files for a policy."""

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.nftables import files
from callgate.dialects.nftables.by_name import by_name_excess, resolver
from callgate.dialects.nftables.sets import NAME_MAX, Sets
from callgate.dialects.nftables.statements import statements
from callgate.dialects.placement import hook_out, placements, unlabelled
from callgate.dialects.scripts import scripts
from callgate.policy.model import Policy, Rule
from callgate.policy.site import Apply, On


class Nftables:
    """Linux nftables, in a table of family inet or in the site's own table."""

    name = "nftables"
    title = "nftables (Linux)"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="TCP, through sets that dnsmasq fills",
        groups=True,
        name_limit=NAME_MAX,
        name_charset="a-z 0-9 _",
        comments="per rule, 128 bytes",
        logging=True,
        default_action="drop or reject, per hook",
        order="first match",
        merge="own chain and sets in the site's table, jump at a position",
        source="nft(8)",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """Rules, ``apply.sh`` and ``rollback.sh``; by domain also a file for dnsmasq.

        Raises UnsupportedError for families that the site's table cannot see, UsageError
        for a merge point that is none.
        """
        if policy.apply is Apply.MERGE:
            family, table, chain, position = files.merge_target(policy)
            rules = _artifact(policy, files.merge(policy), "rules inside the site's table")
            settings = {
                "family": family,
                "table": table,
                "chain": chain,
                "position": str(position),
            }
            names = resolver(policy, f"{family} {table}")
            return (rules, *names, *scripts("nftables-merge", settings))
        rules = _artifact(policy, files.standalone(policy), "rules in a table of their own")
        names = resolver(policy, f"inet {files.TABLE}")
        return (rules, *names, *scripts("nftables-standalone", {"hooks": _hooks(policy)}))

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """Rules for a table of family inet, to be put before the one that is in the way."""
        found = statements(tuple(map(unlabelled, rules)), hook_out(on), Sets())
        return tuple(statement.text("inet") for statement in found)


def _artifact(policy: Policy, text: str, purpose: str) -> Artifact:
    flows, note = by_name_excess(policy)
    return Artifact(files.FILE, text, purpose, excess=flows, excess_note=note)


def _hooks(policy: Policy) -> str:
    return " ".join(placed.hook.value for placed in placements(policy))

"""iptables as a dialect: capabilities, and the files for a policy."""

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.iptables import files
from callgate.dialects.iptables.chains import NAME_MAX, Chains
from callgate.dialects.iptables.matches import allow
from callgate.dialects.placement import hook_out, refuse_domains, unlabelled
from callgate.dialects.scripts import scripts
from callgate.policy.model import Policy, Rule
from callgate.policy.site import On


class Iptables:
    """iptables and ip6tables, over nf_tables or legacy alike."""

    name = "iptables"
    title = "iptables (Linux)"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no",
        groups=True,
        name_limit=NAME_MAX,
        name_charset="A-Z 0-9 -",
        comments="per rule, 255 bytes",
        logging=True,
        default_action="drop or reject, in a chain of our own",
        order="first match",
        merge="own chains, jump at a position of the site's chain",
        source="iptables(8), iptables-extensions(8)",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``rules.v4``, ``rules.v6``, ``apply.sh`` and ``rollback.sh``.

        Raises UnsupportedError for domains and for a merge into another table than
        filter, UsageError for a merge point that is none.
        """
        refuse_domains(policy, self.title)
        wanted = files.families(policy)
        rules = tuple(
            Artifact(files.FILES[family], files.restore_file(policy, family), f"{family} rules")
            for family in wanted
        )
        point = files.merge_place(policy)
        settings = {
            "mode": str(policy.apply),
            "families": " ".join(str(family.value) for family in wanted),
            "chain": point.chain if point else "",
            "position": str(point.position) if point else "",
        }
        return (*rules, *scripts("iptables", settings))

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """Rules as they stand after ``-A CHAIN`` or ``-I CHAIN NUMBER``."""
        hook = hook_out(on)
        return tuple(line for rule in rules for line in allow(unlabelled(rule), hook, Chains()))

"""The ``dnsmasq`` dialect: the addresses of the application's names, kept in sets."""

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.dnsmasq import files
from callgate.dialects.dnsmasq.sets import SETS, ipset_lines, nft_lines
from callgate.dialects.options import chosen
from callgate.errors import UsageError
from callgate.policy.model import Policy


class Dnsmasq:
    """``nftset=`` or ``ipset=`` for the resolver on the box that filters."""

    name = "dnsmasq"
    title = "dnsmasq"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option("sets", "Which packet filter the sets are in.", ("nftables", "ipset"), "nftables"),
        Option("table", "The nftables table that the sets are in.", default="inet callgate"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="a name and all below together",
        groups=True,
        name_limit=31,
        name_charset="ASCII without # and /",
        comments="# at the start of a line",
        logging=False,
        default_action="none: it fills sets, the rules decide",
        order="none",
        merge="a file of its own in /etc/dnsmasq.d",
        source="dnsmasq(8)",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``callgate-dnsmasq.conf``.

        Raises UsageError for options that contradict each other, and UnsupportedError for
        a policy without names.
        """
        options = chosen(self, policy.target)
        names = files.names(policy)
        families = policy.families
        sets = ", ".join(SETS[family] for family in families)
        if options["sets"] == "ipset":
            if "table" in policy.target.options:
                raise UsageError("option table is for nftables; sets of ipset are in no table")
            make = "; ".join(
                f"ipset -exist create {SETS[each]} hash:ip family "
                f"{'inet' if each.value == 4 else 'inet6'} timeout 86400"
                for each in families
            )
            facts = {"Sets": f"must exist before dnsmasq starts: {make}"}
            return (files.artifact(policy, facts, ipset_lines(names, families)),)
        table = options["table"]
        facts = {
            "Sets": f"{sets} in table {table}: callgate.nft of --dialect nftables --by-domain "
            "makes them; they must exist before dnsmasq starts"
        }
        return (files.artifact(policy, facts, nft_lines(names, families, table)),)

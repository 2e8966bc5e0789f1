"""The ``unbound`` dialect: the application's names resolve, whatever else the site blocks.

``always_transparent`` is a name as if no local zone were above it: a block list that holds
``com`` or ``.`` leaves it alone. What the vendor's names point to (CNAME to a content
network) is Unbound's own look-up and passes too.
"""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, excess_note, heading
from callgate.dialects.options import chosen
from callgate.names.matchers import find
from callgate.policy.model import Policy

_MATCHER: Final = find("unbound-local-zone")


class Unbound:
    """Local zones of Unbound."""

    name = "unbound"
    title = "Unbound"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option(
            "others",
            "What becomes of every other name: your own configuration decides, or it does not "
            "exist (for a resolver of the application's own).",
            ("own", "nxdomain"),
            "own",
        ),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="a name and all below together",
        groups=False,
        name_limit=None,
        name_charset="ASCII",
        comments="# at the start of a line",
        logging=False,
        default_action="none, or NXDOMAIN with --option others=nxdomain",
        order="none: the longest zone that fits",
        merge="include: in unbound.conf",
        source="https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``callgate-unbound.conf``; UnsupportedError without names."""
        others = chosen(self, policy.target)["others"]
        excess = excess_note(_MATCHER, policy.domains)
        facts = {
            "Others": "your own configuration decides" if others == "own" else "do not exist",
            "Apply": "/etc/unbound/unbound.conf.d/callgate-unbound.conf; unbound-checkconf; "
            "unbound-control reload; to go back, remove the file and reload",
            "Beware": "a local zone of your own for one of these names, or for one below, is "
            "the longer one and wins",
        }
        zones = [f'    local-zone: "{name}" always_transparent' for name in self._names(policy)]
        if others == "nxdomain":
            zones.append('    local-zone: "." always_nxdomain')
        lines = [*heading(policy, "names that Unbound resolves", facts, excess), "server:", *zones]
        text = "\n".join(lines) + "\n"
        what = "names that are resolved whatever is blocked"
        return (Artifact("callgate-unbound.conf", text, what, excess_note=excess),)

    def _names(self, policy: Policy) -> tuple[str, ...]:
        return entries(_MATCHER, policy, self.title)

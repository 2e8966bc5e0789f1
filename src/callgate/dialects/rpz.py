"""The ``rpz`` dialect: a response policy zone that exempts the application's names.

A policy zone judges every name of a chain of CNAMEs, the vendor's content networks too, so
that "everything else is blocked" would block the application as well. This zone therefore
only exempts; put it before those that block.
"""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, heading
from callgate.errors import UnsupportedError
from callgate.names.matchers import find
from callgate.policy.model import Policy

_MATCHER: Final = find("rpz")
_ZONE: Final = "callgate.rpz"
#: A name has at most 253 characters (RFC 1035 section 3.1), the zone's own among them.
NAME_LIMIT: Final = 253 - len(f".{_ZONE}")


class Rpz:
    """Response policy zones of Unbound, BIND, Knot Resolver and PowerDNS Recursor."""

    name = "rpz"
    title = "Response policy zone (RPZ)"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="exact and wildcard at any depth, without the apex",
        groups=False,
        name_limit=NAME_LIMIT,
        name_charset="ASCII",
        comments="; to the end of the line",
        logging=False,
        default_action="none: it exempts, later zones decide",
        order="the first zone that fits; within a zone the longest name",
        merge="a zone of its own, before those that block",
        source="https://datatracker.ietf.org/doc/html/draft-vixie-dnsop-dns-rpz-00",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, the zone; UnsupportedError without names, or for one too long."""
        names = entries(_MATCHER, policy, self.title)
        for name in names:
            if len(name) > NAME_LIMIT:
                raise UnsupportedError(
                    f"{name} has {len(name)} characters; in a policy zone called {_ZONE} a name "
                    f"has at most {NAME_LIMIT}"
                )
        facts = {
            "Unbound": f"rpz: name: {_ZONE}. zonefile: /etc/unbound/{_ZONE}; with respip in "
            "module-config; before other rpz: clauses",
            "BIND": f"zone {_ZONE} of type primary; response-policy {{ zone {_ZONE}; … }}: first",
            "Apply": "put the file there, reload; to go back, take the clause out. Serial 1: "
            "for secondaries, give it a number of your own",
            "Beware": "a name that the vendor's names point to (CNAME) is judged by the later "
            "zones on its own",
        }
        lines = [
            *heading(policy, "names that response policies leave alone", facts, mark=";"),
            "$TTL 300",
            "@ IN SOA localhost. hostmaster.localhost. 1 3600 600 86400 300",
            "@ IN NS localhost.",
            *(f"{name} IN CNAME rpz-passthru." for name in names),
        ]
        text = "\n".join(lines) + "\n"
        return (Artifact(_ZONE, text, "names that response policies leave alone"),)

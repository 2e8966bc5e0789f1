"""The ``mitmproxy`` dialect: the application's names, left alone by its inspection.

mitmproxy is no firewall: it passes on what it does not open, and so this exempts and never
denies. The file is made of regular expressions; what stands in them are domain names and
port numbers, quoted for YAML.
"""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, heading
from callgate.errors import UnsupportedError
from callgate.flows import PortRange
from callgate.names.matchers.mitmproxy import MitmproxyIgnoreHosts
from callgate.policy.model import Policy

#: Ports that are spelt out in an expression.
PORTS_LIMIT: Final = 16


class Mitmproxy:
    """``ignore_hosts`` of mitmproxy, mitmdump and mitmweb."""

    name = "mitmproxy"
    title = "mitmproxy"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="regular expressions",
        groups=False,
        name_limit=None,
        name_charset="ASCII",
        comments="# at the start of a line",
        logging=False,
        default_action="none: it exempts, everything else is inspected",
        order="none",
        merge="ignore_hosts is one list: add these lines to your own",
        source="https://docs.mitmproxy.org/stable/concepts-options/",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``config.yaml``; UnsupportedError for a policy without names."""
        matcher = MitmproxyIgnoreHosts(_ports(policy))
        facts = {
            "Apply": "~/.mitmproxy/config.yaml, then restart; to go back, take the lines out",
            "Addresses": "a client that tells no name, neither to CONNECT nor in TLS, is not "
            "exempt",
        }
        lines = [
            *heading(policy, "names that mitmproxy leaves alone", facts),
            "ignore_hosts:",
            *(f"  - '{entry}'" for entry in entries(matcher, policy, self.title)),
        ]
        text = "\n".join(lines) + "\n"
        return (Artifact("config.yaml", text, "names that mitmproxy leaves alone"),)


def _ports(policy: Policy) -> tuple[int, ...]:
    """Every port by itself: an expression knows no ranges of numbers."""
    spans = PortRange.union(tuple(port for each in policy.tunnels for port in each.ports))
    if spans.size > PORTS_LIMIT:
        raise UnsupportedError(
            f"mitmproxy is told each port in each expression: {spans.size:,} are too many "
            f"(at most {PORTS_LIMIT})"
        )
    return tuple(port for low, high in spans for port in range(low, high + 1)) or (443,)

"""The ``pac`` dialect: one ``proxy.pac`` for every client of the site.

Theory of operation
-------------------
A PAC file decides by host name and opens nothing, so the file is the same for every
scenario and has no excess. It speaks for the clients: the policy of a proxy's own edge
has no use for one. What it must do right is to find the application's names quickly,
never a look-alike, in every engine that reads PAC files (:mod:`.script`), and to name the
proxy in a way that cannot become anything else (:mod:`.ways`).
"""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.pac.script import render
from callgate.errors import UnsupportedError
from callgate.policy.model import Policy
from callgate.policy.site import Edge

#: Chromium refuses a longer file and then goes DIRECT (``kDefaultMaxResponseBytes`` in
#: net/proxy_resolution/pac_file_fetcher_impl.cc); in bytes.
SIZE_LIMIT: Final = 1_048_576


class Pac:
    """A PAC file for the clients of the site."""

    name = "pac"
    title = "Proxy auto-configuration (PAC)"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="exact and wildcard at any depth, without the apex",
        groups=False,
        name_limit=None,
        name_charset="ASCII; other names as IDNA A-labels",
        comments="// to the end of the line",
        logging=False,
        default_action="the site's default proxy, or DIRECT",
        order="none: a name is the application's or it is not",
        merge="call callgateIsApp(host) first in the site's own FindProxyForURL",
        source="Chromium net/docs/proxy.md; ECMA-262, 3rd edition",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``proxy.pac``.

        Raises UsageError for a proxy that cannot be written as one, and UnsupportedError
        for a policy without names, a policy of the proxy's own edge, or a file that is
        longer than browsers read.
        """
        if policy.edge is Edge.PROXY:
            raise UnsupportedError(
                "a PAC file is for the clients, and this policy is for the proxy's own edge",
                hint="--edge client-edge",
            )
        if not policy.domains:
            raise UnsupportedError(f"a PAC file goes by name, and {policy.profile} has no domain")
        text = render(policy)
        if len(text) > SIZE_LIMIT:  # ASCII: characters are bytes
            raise UnsupportedError(
                f"proxy.pac would be {len(text):,} bytes for {len(policy.domains):,} domains; "
                f"Chromium reads at most {SIZE_LIMIT:,} and then ignores the file",
                hint="cover single names by a wildcard, or choose fewer products",
            )
        return (Artifact("proxy.pac", text, "which proxy the clients take, by host name"),)

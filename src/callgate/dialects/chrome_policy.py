"""The ``chrome-policy`` dialect: managed policies of Chrome, Chromium and Edge.

Theory of operation
-------------------
* Where the application goes DIRECT and everything else to a proxy, that is a fixed proxy
  with a bypass list. Where the application has a proxy of its own it takes a PAC file, and
  the file travels inside the policy as a ``data:`` URL: no server must be there, and
  ``ProxyPacMandatory`` keeps a file that fails from meaning DIRECT.
* ``WebRtcIPHandling`` with ``disable_non_proxied_udp`` takes UDP away from every call. Nothing
  here sets it. What is set is ``WebRtcIPHandlingUrl``, which wins over it, for the
  application's pages alone, and to ``default``: media by UDP stays possible there, whatever
  else the site has chosen for the rest.

Sources: https://chromeenterprise.google/policies/ (ProxySettings, WebRtcIPHandling,
WebRtcIPHandlingUrl), RFC 8828 section 5.2.
"""

import base64
import json
from typing import Any, Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries
from callgate.dialects.pac.script import render
from callgate.dialects.pac.ways import way
from callgate.errors import UnsupportedError
from callgate.names import DomainPattern
from callgate.names.matchers import find
from callgate.policy.model import Policy
from callgate.policy.site import Edge, Proxy

#: Longest PAC file that goes into a policy, in bytes. Chrome takes ``data:`` URLs up to 2 MiB
#: (url::kMaxURLChars); base64 makes four characters of three bytes.
SIZE_LIMIT: Final = 1_048_576
_MATCHER: Final = find("chrome-bypass")
_NOTE: Final = (
    "goes to /etc/opt/chrome/policies/managed/ (Chromium: /etc/chromium/policies/managed/), to go "
    "back take it away; it replaces Chrome's proxy settings as a whole, so add your own bypass "
    "entries; WebRtcIPHandling disable_non_proxied_udp would take UDP from every call: it is not "
    "set here, and WebRtcIPHandlingUrl keeps UDP for the application's pages (their apex included) "
    "where another policy sets it"
)


class ChromePolicy:
    """Proxy settings and WebRTC's addresses as managed policies, one JSON file."""

    name = "chrome-policy"
    title = "Chrome managed policies"
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
        comments="none (JSON)",
        logging=False,
        default_action="the site's default proxy, or DIRECT",
        order="none",
        merge="ProxySettings is one value: merge its bypass list by hand",
        source="https://chromeenterprise.google/policies/",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``chrome-policy.json``.

        Raises UsageError for a proxy that cannot be written as one, and UnsupportedError for
        a policy without names or proxies, one of the proxy's own edge, or a PAC file that is
        too long to travel in a policy.
        """
        if policy.edge is Edge.PROXY:
            raise UnsupportedError(
                "Chrome's policies are for the clients, and this one is for the proxy's own edge",
                hint="--edge client-edge",
            )
        names = entries(_MATCHER, policy, self.title)
        if policy.proxy is not None:
            settings = _by_pac(policy)
        elif policy.default_proxy is not None:
            settings = _by_bypass(policy.default_proxy, names)
        else:
            raise UnsupportedError(
                "without a proxy there is nothing to set in Chrome",
                hint="--default-proxy HOST:PORT for other names, --proxy HOST:PORT for the app's",
            )
        content = {
            "ProxySettings": settings,
            "WebRtcIPHandlingUrl": [
                {"url": _origin(pattern), "handling": "default"} for pattern in policy.domains
            ],
        }
        text = json.dumps(content, indent=2) + "\n"
        return (Artifact("chrome-policy.json", text, "managed policies", note=_NOTE),)


def _by_bypass(proxy: Proxy, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "ProxyMode": "fixed_servers",
        "ProxyServer": way(proxy).removeprefix("PROXY "),
        "ProxyBypassList": ";".join(names),
    }


def _by_pac(policy: Policy) -> dict[str, Any]:
    script = render(policy)
    if len(script) > SIZE_LIMIT:
        raise UnsupportedError(
            f"the PAC file would be {len(script):,} bytes for {len(policy.domains):,} domains; "
            f"at most {SIZE_LIMIT:,} travel in a policy",
            hint="cover single names by a wildcard, or choose fewer products",
        )
    encoded = base64.b64encode(script.encode("ascii")).decode("ascii")
    return {
        "ProxyMode": "pac_script",
        "ProxyPacUrl": f"data:application/x-ns-proxy-autoconfig;base64,{encoded}",
        "ProxyPacMandatory": True,
    }


def _origin(pattern: DomainPattern) -> str:
    """A URL pattern of Chrome's policies; ``[*.]`` is a domain and all below it."""
    return f"https://[*.]{pattern.base}" if pattern.below else f"https://{pattern.base}"

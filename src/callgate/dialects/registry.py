"""All dialects by name: those that come with Callgate, and those that are installed.

Another distribution adds one with an entry point of the group ``callgate.dialects`` that
names a class; its constructor takes no arguments. A built-in name cannot be taken over.
"""

import difflib
import importlib
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from callgate.dialects.base import Dialect
from callgate.errors import UsageError

GROUP: Final = "callgate.dialects"
#: Name -> ``module:class``; imported on first use.
BUILT_IN: Final = {
    "nftables": "callgate.dialects.nftables:Nftables",
    "iptables": "callgate.dialects.iptables:Iptables",
    "pac": "callgate.dialects.pac:Pac",
    "juniper-srx": "callgate.dialects.juniper_srx:Srx",
    "fortigate": "callgate.dialects.fortigate:Fortigate",
    "pan-os": "callgate.dialects.pan_os:PanOs",
    "cisco-asa": "callgate.dialects.cisco_asa:Asa",
    "cisco-ios": "callgate.dialects.cisco_ios:Ios",
    "windows": "callgate.dialects.windows:Windows",
    "aws": "callgate.dialects.aws:Aws",
    "aerleon": "callgate.dialects.aerleon:Aerleon",
    "squid": "callgate.dialects.squid:Squid",
    "dnsmasq": "callgate.dialects.dnsmasq:Dnsmasq",
    "mitmproxy": "callgate.dialects.mitmproxy:Mitmproxy",
    "no-proxy": "callgate.dialects.no_proxy:NoProxy",
    "unbound": "callgate.dialects.unbound:Unbound",
    "rpz": "callgate.dialects.rpz:Rpz",
    "zscaler": "callgate.dialects.lists:Zscaler",
    "pan-edl": "callgate.dialects.lists:PanEdl",
    "fortigate-proxy": "callgate.dialects.lists:FortigateProxy",
    "umbrella": "callgate.dialects.lists:Umbrella",
    "chrome-policy": "callgate.dialects.chrome_policy:ChromePolicy",
}


def names() -> list[str]:
    """Every name that :func:`find` knows: built-in ones first, then the installed ones."""
    return [*BUILT_IN, *sorted(_installed().keys() - BUILT_IN.keys())]


def find(name: str) -> Dialect:
    """The dialect with this name; UsageError names what was probably meant."""
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        built_in: Dialect = getattr(importlib.import_module(module), attribute)()
        return built_in
    installed = _installed()
    if name in installed:
        found: Dialect = installed[name].load()()
        return found
    near = difflib.get_close_matches(name, names(), n=1)
    raise UsageError(
        f"there is no dialect {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
        hint="there are " + ", ".join(names()),
    )


def _installed() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=GROUP)}

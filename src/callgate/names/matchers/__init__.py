"""How each product reads a domain entry: one matcher for each kind of list (pure).

``find("squid-dstdomain")`` gives the matcher, :data:`MATCHERS` holds them all in the order
of the table in docs/dialects/proxies.md, which is made from their traits.
"""

from typing import Final

from callgate.names.matchers.chrome import ChromeBypass
from callgate.names.matchers.cloud import Umbrella, Zscaler
from callgate.names.matchers.fortinet import FortigateWildcard
from callgate.names.matchers.mitmproxy import MitmproxyIgnoreHosts
from callgate.names.matchers.model import Confirmed, Fate, Matcher, Reading, Traits
from callgate.names.matchers.no_proxy import CurlNoProxy, RequestsNoProxy
from callgate.names.matchers.palo_alto import PanDomain, PanExclusion, PanUrl
from callgate.names.matchers.resolvers import Dnsmasq, Rpz, UnboundLocalZone
from callgate.names.matchers.squid import SquidDstdomain, SquidServerName

__all__ = ["MATCHERS", "Confirmed", "Fate", "Matcher", "Reading", "Traits", "find"]

#: Every matcher by the id in its traits.
MATCHERS: Final[dict[str, Matcher]] = {
    matcher.traits.id: matcher
    for matcher in (
        SquidDstdomain(),
        SquidServerName(),
        MitmproxyIgnoreHosts(),
        CurlNoProxy(),
        RequestsNoProxy(),
        ChromeBypass(),
        Dnsmasq(),
        UnboundLocalZone(),
        Rpz(),
        Zscaler(),
        PanUrl(),
        PanDomain(),
        PanExclusion(),
        FortigateWildcard(),
        Umbrella(),
    )
}


def find(matcher_id: str) -> Matcher:
    """The matcher with this id; KeyError when there is none."""
    return MATCHERS[matcher_id]

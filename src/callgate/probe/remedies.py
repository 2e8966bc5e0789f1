"""What would cure a cause, in one sentence (pure)."""

from typing import Final

from callgate.probe.findings import PathResult
from callgate.probe.targets import PROXIED
from callgate.profiles.model import Profile
from callgate.verdicts import Cause

_REMEDIES: Final = {
    Cause.DROP: "Let {protocol} to {ports} out{ask}.",
    Cause.REJECT: "Let {protocol} to {ports} out{ask}.",
    Cause.INTERCEPTION: "Exempt these domains from TLS inspection{by}: {domains}.",
    Cause.INSPECTION: "Exempt {protocol} to {server} from inspection of its content (IPS, DPI).",
    Cause.PROXY_REFUSAL: "Let CONNECT to {server} pass at the proxy {proxy}.",
    Cause.PROXY_AUTHENTICATION: (
        "Let CONNECT to {server} pass at the proxy {proxy} without credentials, "
        "or give them: --proxy-credentials FILE."
    ),
    Cause.PROXY_UNREACHABLE: "Repair the way to the proxy {proxy}, or take it out of the settings.",
    Cause.PROXY_UPSTREAM: "Let the proxy {proxy} itself out to {server}.",
    Cause.WEBSOCKET: "Let the WebSocket upgrade to {server} pass, or exempt: {domains}.",
    Cause.CAPTIVE_PORTAL: "Sign in at the network's portal, then probe again.",
    Cause.CLOCK: "Set this machine's clock.",
    Cause.DNS: "Repair name resolution{ask}: {summary}.",
    Cause.PATH_MTU: "Let ICMP 'fragmentation needed' and 'packet too big' pass, or clamp the MSS.",
    Cause.FAMILY: "Repair this address family, or take it off the clients.",
    Cause.CERTIFICATE: "Nothing can be done here: tell the vendor about {server}.",
    Cause.SERVER: "Nothing can be done here: tell the vendor about {server}.",
    Cause.RATE_LIMIT: "Raise the limit on {protocol} to {ports}{ask}.",
    Cause.NAT: "Let the NAT keep UDP mappings for 30 s at least, better 5 minutes (RFC 4787).",
    Cause.LINK: "Look at the link itself: {summary}.",
}


def remedy(profile: Profile, result: PathResult, who: str) -> str:
    """The sentence for a path that is spoilt; ``who`` is the one to ask, if known."""
    if result.cause is None:
        return f"Find out more: {result.summary}."
    best = result.best
    probe = best.probe if best else None
    return _REMEDIES[result.cause].format(
        server=probe.server if probe else "the server",
        protocol="UDP" if probe and probe.way.datagrams else "TCP",
        proxy=probe.first_hop if probe and probe.proxy else "in between",
        ports=_ports(profile, result, str(probe.server) if probe else "the server"),
        domains=", ".join(str(p) for e in profile.domains_for(()) for p in e.patterns),
        ask=f" (ask whoever runs {who})" if who else "",
        by=f" (issuer {who})" if who else "",
        summary=result.summary,
    )


def _ports(profile: Profile, result: PathResult, server: str) -> str:
    """The ports of the rung, which are more than the one that was tried."""
    step = next((e for e in profile.ladder if e.id == result.path.removesuffix(PROXIED)), None)
    if step is None:
        return server
    return f"port {', '.join(str(each) for each in step.ports)}"

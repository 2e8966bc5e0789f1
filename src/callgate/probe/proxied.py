"""Why a path through a proxy fails (pure)."""

from callgate.policy.site import Proxy
from callgate.probe.blame import Blame, blocked, inconclusive
from callgate.probe.direct import judge_name
from callgate.probe.events import Broken, Icmp, Opened, Refused, Secured, Step, Trust, Tunnel
from callgate.probe.run import Run
from callgate.probe.targets import Probe
from callgate.probe.trails import Trail
from callgate.probe.words import icmp_name
from callgate.verdicts import Cause

_AUTHENTICATE = 407
_UPSTREAM = range(500, 600)
#: What we can answer ourselves (RFC 7617).
BASIC = "basic"


def judge_proxied(run: Run, trail: Trail) -> Blame:
    """Whom to blame for a trail without answer."""
    if trail.step is Step.RESOLVE:
        return judge_name(run, trail)
    tunnel = trail.first(Tunnel)
    if tunnel is None:
        return _no_proxy(run, trail)
    if tunnel.status == _AUTHENTICATE:
        return _authentication(trail.probe, tunnel)
    if tunnel.status in _UPSTREAM:
        return _upstream(run, trail.probe, tunnel)
    if not 200 <= tunnel.status < 300:
        return _denied(run, trail.probe, tunnel)
    return _in_the_tunnel(run, trail)


def read_before(run: Run, trail: Trail) -> Blame | None:
    """Whether somebody between us and the proxy reads what we send through it.

    The same bytes to the same server then end in the same way where no proxy sees them. What
    the proxy itself does with them never shows.
    """
    if trail.probe.proxy is None or trail.answer is not None or trail.step is not Step.REQUEST:
        return None
    twins = (
        each
        for each in run.others(trail.probe)
        if each.probe.proxy is None
        and (each.probe.server, each.probe.way) == (trail.probe.server, trail.probe.way)
    )
    if not any(
        each.answer is None and each.step is Step.REQUEST and _how(each) == _how(trail)
        for each in twins
    ):
        return None
    probe, how = trail.probe, _how(trail)
    return blocked(
        Cause.INSPECTION,
        f"the connection to {_named(probe)} is {how} when it shows {probe.way}",
        f"without the proxy {probe.way} to {probe.server} is {how}, too",
    )


def _named(probe: Probe) -> str:
    return f"the proxy {probe.first_hop}"


def _no_proxy(run: Run, trail: Trail) -> Blame:  # noqa: PLR0911 - one for each end
    probe = trail.probe
    end = trail.end.fact if trail.end else None
    if isinstance(end, Refused):
        return blocked(Cause.PROXY_UNREACHABLE, f"{_named(probe)} refuses connections")
    if isinstance(end, Icmp):
        by = f" from {end.offender}" if end.offender else ""
        return blocked(
            Cause.PROXY_UNREACHABLE,
            f"{icmp_name(end)}{by} stops connections to {_named(probe)}",
            "",
            end.offender,
        )
    if isinstance(end, Broken):
        return blocked(
            Cause.PROXY_UNREACHABLE,
            f"{_named(probe)} does not speak HTTP with us: connection {end.how}",
        )
    if trail.first(Opened) is not None:
        return _asked_in_vain(run, trail)
    if run.portal:
        return blocked(Cause.CAPTIVE_PORTAL, "a captive portal stops everything else", run.portal)
    control = run.anything()
    if not control:
        return inconclusive(f"{_named(probe)} is silent, and so is everything else")
    return blocked(
        Cause.PROXY_UNREACHABLE, f"{_named(probe)} is silent", f"{control} answered meanwhile"
    )


def _asked_in_vain(run: Run, trail: Trail) -> Blame:
    """The proxy accepts the connection and does not answer CONNECT."""
    probe = trail.probe
    if probe.proxy is None or not run.proxy_answers(probe.proxy):
        return blocked(
            Cause.PROXY_UNREACHABLE,
            f"{_named(probe)} accepts connections and answers nothing",
            "not even what it need not ask others for",
        )
    because = "the proxy itself answers"
    if _client_is_silent_too(run, probe):
        return blocked(
            Cause.DNS, f"nobody resolves {probe.server.host}, the proxy included", because
        )
    if _others_get_through(run, probe.proxy, probe):
        return blocked(
            Cause.SERVER, f"{_named(probe)} does not reach {probe.server}, but others", because
        )
    return blocked(
        Cause.PROXY_UPSTREAM, f"{_named(probe)} gets no answer from {probe.server}", because
    )


def _client_is_silent_too(run: Run, probe: Probe) -> bool:
    """Whether our own resolver, too, says nothing about a name that we asked for."""
    asked = probe.server.host in run.plan.names
    return asked and probe.server.literal is None and not run.lookups(probe.server.host)


def _others_get_through(run: Run, proxy: Proxy, probe: Probe) -> bool:
    """Whether the proxy opened a tunnel to another server."""
    return any(
        each.probe.proxy == proxy
        and each.probe.server.host != probe.server.host
        and any(200 <= fact.status < 300 for fact in each.all(Tunnel))
        for each in run.others(probe)
    )


def _authentication(probe: Probe, tunnel: Tunnel) -> Blame:
    offered = ", ".join(tunnel.schemes) or "nothing"
    if any(each.lower() == BASIC for each in tunnel.schemes):
        summary = f"{_named(probe)} wants credentials (407, {offered})"
    else:
        summary = f"{_named(probe)} wants credentials (407) by {offered}, which is not supported"
    return blocked(Cause.PROXY_AUTHENTICATION, summary)


def _upstream(run: Run, probe: Probe, tunnel: Tunnel) -> Blame:
    if "DNS" in tunnel.error or (
        run.misled(probe.server.host) and not _resolves_itself(run, probe, tunnel)
    ):
        return blocked(
            Cause.DNS,
            f"{_named(probe)} cannot resolve {probe.server.host} ({tunnel.status})",
        )
    told = f" ({tunnel.error})" if tunnel.error else ""
    if probe.proxy is not None and _others_get_through(run, probe.proxy, probe):
        return blocked(
            Cause.SERVER,
            f"{_named(probe)} reaches others, and not {probe.server}: {tunnel.status}{told}",
        )
    return blocked(
        Cause.PROXY_UPSTREAM,
        f"{_named(probe)} cannot reach {probe.server}: {tunnel.status} {tunnel.reason}{told}",
    )


def _resolves_itself(run: Run, probe: Probe, tunnel: Tunnel) -> bool:
    """Whether the proxy knows better than our own resolver, which misleads us.

    It tried to connect though we got no address at all, or reaches another host about which
    we are misled, too.
    """
    tried = "CONNECT_FAIL" in tunnel.error and not any(
        each.addresses for each in run.lookups(probe.server.host)
    )
    return tried or any(
        run.misled(each.probe.server.host)
        for each in run.others(probe)
        if each.probe.proxy == probe.proxy
        and each.probe.server.host != probe.server.host
        and any(200 <= fact.status < 300 for fact in each.all(Tunnel))
    )


def _denied(run: Run, probe: Probe, tunnel: Tunnel) -> Blame:
    """By port or by name: the same host at another port, or another host at this one, tells."""
    granted = [
        each.probe.server
        for each in run.others(probe)
        if each.probe.proxy == probe.proxy
        and any(200 <= fact.status < 300 for fact in each.all(Tunnel))
    ]
    by_port = any(server.host == probe.server.host for server in granted)
    by_name = any(server.port == probe.server.port for server in granted)
    what = (
        f"port {probe.server.port}"
        if by_port and not by_name
        else probe.server.host
        if by_name and not by_port
        else str(probe.server)
    )
    return blocked(
        Cause.PROXY_REFUSAL,
        f"{_named(probe)} denies {what}: {tunnel.status} {tunnel.reason}",
        "",
        tunnel.via or tunnel.server or str(probe.first_hop),
    )


def _in_the_tunnel(run: Run, trail: Trail) -> Blame:
    """200 was said, and what goes through fails."""
    probe = trail.probe
    how = _how(trail)
    twin = run.twin(probe)
    if twin is not None and twin.small_only:
        return blocked(
            Cause.PATH_MTU, f"large packets vanish behind {_named(probe)}", "directly, too"
        )
    issuers = _inspected(run, probe)
    if issuers:
        return blocked(
            Cause.INTERCEPTION,
            f"{_named(probe)} says 200 and inspects: it waits for something else than "
            f"{probe.way} ({how})",
            f"other tunnels of it show the issuer {issuers}",
            issuers,
        )
    return blocked(
        Cause.PROXY_UPSTREAM if trail.step is Step.ASK else Cause.INSPECTION,
        f"{_named(probe)} says 200, and then {trail.step} is {how}",
    )


def _how(trail: Trail) -> str:
    """What ended a connection that stood; ``silent`` when nothing did."""
    end = trail.end.fact if trail.end else None
    return end.how if isinstance(end, Broken) else "silent"


def _inspected(run: Run, probe: Probe) -> str:
    """The issuer that this proxy signs with, if any of its tunnels shows one."""
    for each in run.trails.values():
        if each.probe.proxy != probe.proxy or probe.proxy is None:
            continue
        for secured in each.all(Secured):
            if secured.trust is not Trust.VENDOR and secured.chain is not None:
                return secured.chain.issuer
    return ""

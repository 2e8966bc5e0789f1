"""Why a path without a proxy fails (pure)."""

from callgate.probe.blame import Blame, blocked, degraded, inconclusive, not_checked
from callgate.probe.events import (
    Broken,
    Burst,
    Icmp,
    NoRoute,
    NotPossible,
    Passed,
    Refused,
    Step,
    Stun,
)
from callgate.probe.run import Run, sinkhole
from callgate.probe.targets import Way
from callgate.probe.trails import Trail
from callgate.probe.words import describe, icmp_name, milliseconds
from callgate.verdicts import Cause

#: A reset that comes this much sooner than the server can answer is not the server's.
_TOO_SOON = 0.5
#: Below this nothing can be told from times, in seconds.
_NEAR = 0.004


def judge_direct(run: Run, trail: Trail) -> Blame:  # noqa: PLR0911 - one for each end
    """Whom to blame for a trail without answer."""
    possible = trail.first(NotPossible)
    if possible is not None:
        return not_checked(possible.reason)
    if trail.step is Step.RESOLVE:
        return judge_name(run, trail)
    if trail.here_only:
        return _no_route(run, trail)
    end = trail.end.fact if trail.end else None
    match end:
        case Refused():
            return _refused(run, trail, end)
        case Icmp():
            return _icmp(run, trail, end)
        case Broken():
            return _broken(run, trail, end)
        case _:
            return _silent(run, trail)


def judge_name(run: Run, trail: Trail) -> Blame:
    """Why there is no address to go to."""
    name = trail.probe.first_hop.host
    answers = run.lookups(name)
    wrong = next((each for each in answers if each.rcode != "NOERROR"), None)
    if wrong is not None:
        return blocked(
            Cause.DNS,
            f"the resolver {wrong.resolver} answers {wrong.rcode} for {name}",
            offender=wrong.resolver,
        )
    hole = next((each for each in answers if sinkhole(each.addresses)), None)
    if hole is not None:
        return blocked(
            Cause.DNS,
            f"the resolver {hole.resolver} leads {name} to {sinkhole(hole.addresses)}",
            offender=hole.resolver,
        )
    if answers:
        return not_checked(f"{name} has no {trail.probe.family or 'usable'} address")
    return _unresolved(run, name)


def _unresolved(run: Run, name: str) -> Blame:
    errors = run.lookup_errors()
    if errors:
        by = f" from {errors[0].offender}" if errors[0].offender else ""
        return blocked(
            Cause.DNS, f"questions to the resolver meet {icmp_name(errors[0])}{by}", "",
            errors[0].offender,
        )  # fmt: skip
    if run.no_network:
        return inconclusive("this machine has no network: it cannot even ask for the name")
    control = run.anything()
    if control:
        return blocked(
            Cause.DNS, f"the resolver does not answer for {name}", f"{control} answered meanwhile"
        )
    return inconclusive(f"the resolver does not answer for {name}, and nothing else does")


def _no_route(run: Run, trail: Trail) -> Blame:
    fact = trail.first(NoRoute)
    why = f": {fact.errno}" if fact else ""
    if run.no_network:
        return inconclusive(f"this machine has no network{why}")
    return not_checked(f"this machine has no {trail.probe.family} connection{why}")


def _refused(run: Run, trail: Trail, fact: Refused) -> Blame:
    probe = trail.probe
    if run.server_down(probe):
        return blocked(
            Cause.SERVER,
            f"{probe.server} refuses on every port",
            "the same port of another server is open, or the server says itself that it is closed",
        )
    far = _round_trip(run, trail)
    if far is not None and far > _NEAR and fact.seconds < far * _TOO_SOON:
        return blocked(
            Cause.REJECT,
            f"a firewall resets TCP {probe.server.port}: sooner than the server could",
            f"the reset took {milliseconds(fact.seconds)}, the server {milliseconds(far)}",
        )
    return blocked(Cause.REJECT, f"connections to TCP {probe.server.port} are reset")


def _round_trip(run: Run, trail: Trail) -> float | None:
    """The quickest answer of the same server to something else."""
    times = [
        fact.seconds
        for each in run.direct(trail.probe)
        if each.probe.server.host == trail.probe.server.host and each.answer is not None
        for fact in each.all(Stun)
    ]
    return min(times, default=None)


def _icmp(run: Run, trail: Trail, fact: Icmp) -> Blame:
    probe = trail.probe
    if run.says_closed(trail):
        return blocked(
            Cause.SERVER, f"{probe.server} says itself that its port is closed", "", fact.offender
        )
    by = f" from {fact.offender}" if fact.offender else ""
    what = "UDP" if probe.way.datagrams else "TCP"
    return blocked(
        Cause.REJECT, f"{icmp_name(fact)}{by} stops {what} {probe.server.port}", "", fact.offender
    )


def _broken(run: Run, trail: Trail, fact: Broken) -> Blame:
    probe = trail.probe
    if run.portal:
        return blocked(Cause.CAPTIVE_PORTAL, "a captive portal stops everything else", run.portal)
    if fact.how == "protocol":
        return blocked(Cause.INTERCEPTION, f"somebody else answers at {probe.server}: {fact.text}")
    what = "TLS" if fact.step is Step.HANDSHAKE else str(probe.way)
    return blocked(
        Cause.INSPECTION,
        f"the connection to {probe.server} is {fact.how} when it shows {what}",
        "the connection itself was let through",
    )


def _silent(run: Run, trail: Trail) -> Blame:
    probe = trail.probe
    if run.portal:
        return blocked(Cause.CAPTIVE_PORTAL, "a captive portal stops everything else", run.portal)
    if trail.step is not Step.REACH and not probe.way.datagrams:
        return _swallowed(trail)
    classic = any(each.classic for each in trail.all(Stun))
    if classic or {each.plain for each in trail.all(Passed)} == {True}:
        return blocked(
            Cause.INSPECTION,
            f"UDP to {probe.server} passes, and STUN in it is dropped",
            "the same without STUN's magic cookie was answered",
        )
    return _dropped(run, trail)


def _dropped(run: Run, trail: Trail) -> Blame:
    """Nothing came back from the first packet: whose fault that is depends on the others."""
    probe = trail.probe
    if probe.way is Way.MEDIA:
        return inconclusive("media servers need not answer strangers, so silence proves nothing")
    scarce = run.starved(probe)
    if scarce is not None:
        return _starved(run, trail, scarce)
    if run.server_down(probe):
        return _server_down(run, trail)
    control = run.control(probe)
    if not control:
        return inconclusive(f"{probe.server} is silent, and so is everything to compare it with")
    where = "UDP to our own relay" if probe.way is Way.SELF else _port(trail)
    return blocked(Cause.DROP, f"{where} is dropped", f"{control} answered meanwhile")


def _starved(run: Run, trail: Trail, burst: Burst) -> Blame:
    """Connections to the port are rationed, and none of ours was let through in time."""
    port = trail.probe.server.port
    if run.proxy_reaches(trail.probe.server):
        return degraded(
            Cause.RATE_LIMIT,
            f"new connections to TCP {port} are rationed: none of these got through in time",
            describe(burst),
        )
    return inconclusive(
        f"new connections to TCP {port} are rationed: that {trail.probe.server} is silent "
        "proves nothing"
    )


def _server_down(run: Run, trail: Trail) -> Blame:
    """The server does not answer others either; that our port is dropped may show all the same."""
    probe = trail.probe
    alike = run.open_to_proxy_alone(probe)
    if alike:
        because = f"{alike} is as silent to us, and open to the proxy"
        return blocked(Cause.DROP, f"{_port(trail)} is dropped", because)
    return blocked(
        Cause.SERVER,
        f"{probe.server} is silent on every port, and the same port of another server answers",
        f"{run.anything()} answered meanwhile",
    )


def _port(trail: Trail) -> str:
    what = "UDP" if trail.probe.way.datagrams else "TCP"
    return f"{what} {trail.probe.server.port} to {trail.probe.server.host}"


def _swallowed(trail: Trail) -> Blame:
    """The connection stands, and what was sent over it vanishes."""
    what = "TLS" if trail.step is Step.HANDSHAKE else str(trail.probe.way)
    return blocked(
        Cause.INSPECTION,
        f"the connection to {trail.probe.server} falls silent when it shows {what}",
        "the connection itself was answered",
    )

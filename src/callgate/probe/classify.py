"""From the log to a finding for each probe and a result for each path (pure).

Theory of operation
-------------------
1. What proves a path ends it: 401 or an allocation, 101, a packet through our own relay.
   It may still be spoilt: a wrong certificate, inspection, small packets only, slow names.
2. Hard evidence ends a path the other way, and is told with its sender.
3. Silence is compared with what else answered (:mod:`.run`): with a control it is a drop,
   without one it is inconclusive. Never the other way round.
4. A family that is dead as a whole is told once, and not as many blocked ports.
5. Of several servers and families the best decides about a path.
"""

from dataclasses import replace

from callgate.flows import Family
from callgate.probe.blame import Blame, blocked, degraded
from callgate.probe.certificates import judge_certificate
from callgate.probe.direct import judge_direct
from callgate.probe.events import Event, Fact, Http, Looked, NotPossible, Secured, Step, Stun, Trust
from callgate.probe.findings import Finding, PathResult, order
from callgate.probe.load import thin_link
from callgate.probe.media import poor_link, qualities, spoilt
from callgate.probe.proxied import judge_proxied, read_before
from callgate.probe.run import Run, sinkhole
from callgate.probe.targets import SIGNALLING, Plan, Way
from callgate.probe.trails import Trail
from callgate.probe.words import describe, milliseconds
from callgate.verdicts import Cause, Outcome

_SWITCHED = 101
_UNAUTHORIZED = 401
#: Lines of evidence for one finding.
_EVIDENCE_MAX = 12


def classify(plan: Plan, log: tuple[Event, ...]) -> tuple[PathResult, ...]:
    """A result for every path of the ladder, and for signalling, in that order."""
    run = Run(plan, log)
    findings = [_finding(run, run.trails[each.id]) for each in plan.probes if each.path]
    findings = [_of_dead_family(run, each) for each in findings]
    unchecked = {each.path: each for each in plan.unchecked}
    paths = dict.fromkeys(
        [*plan.ladder, *(each.path for each in findings if each.path.startswith(SIGNALLING))]
        + [each.path for each in plan.unchecked]
    )
    results = []
    for path in paths:
        own = tuple(each for each in findings if each.path == path)
        if own:
            results.append(_result(path, own))
        elif path in unchecked:
            told = unchecked[path]
            results.append(
                PathResult(path, Outcome.NOT_CHECKED, None, told.reason, remedy=told.remedy)
            )
    return tuple(results)


def _result(path: str, findings: tuple[Finding, ...]) -> PathResult:
    best = min(findings, key=order)
    return PathResult(path, best.outcome, best.cause, best.summary, findings)


def _finding(run: Run, trail: Trail) -> Finding:
    blame = _blame(run, trail)
    seconds = getattr(trail.answer.fact, "seconds", None) if trail.answer else None
    evidence = [describe(fact) for fact in _relevant(run, trail)]
    if blame is None:
        summary = f"works, {milliseconds(seconds)}" if seconds is not None else "works"
        outcome, cause, offender = Outcome.WORKS, None, ""
    else:
        outcome, cause, summary = blame.outcome, blame.cause, blame.summary
        offender = blame.offender
        evidence += [blame.because] if blame.because else []
    return Finding(
        trail.probe,
        outcome,
        cause,
        summary,
        tuple(dict.fromkeys(evidence)),
        seconds,
        offender,
        tuple(_notes(trail)),
    )


def _relevant(run: Run, trail: Trail) -> list[Fact]:
    """The facts that back a finding: the names, then the attempt that counts."""
    names = _name_facts(run, trail)
    deciding = trail.answer or trail.end
    own = [
        each.fact
        for each in trail.events
        if not isinstance(each.fact, Looked)
        and (deciding is None or each.attempt == deciding.attempt or isinstance(each.fact, Http))
    ]
    return [*names, *own][:_EVIDENCE_MAX]


def _name_facts(run: Run, trail: Trail) -> list[Fact]:
    """The lookups that the first packet depended on: one good answer says enough."""
    kinds = {Family.V4: {"A"}, Family.V6: {"AAAA"}}
    family = trail.probe.family
    wanted = {"A", "AAAA"} if family is None else kinds[family]
    answers = [e for e in run.lookups(trail.probe.first_hop.host) if e.kind in wanted]
    good = [each for each in answers if each.addresses and not sinkhole(each.addresses)]
    return [*(good[:1] or dict.fromkeys(answers))]


def _blame(run: Run, trail: Trail) -> Blame | None:
    if trail.small_only:
        return blocked(
            Cause.PATH_MTU,
            "large packets vanish on the way, without an ICMP error",
            "the same with small segments works",
        )
    read = read_before(run, trail)
    if read is not None:
        return read
    certificate = judge_certificate(run, trail)
    if trail.probe.way is Way.WEB and trail.answer is not None:
        return _web(run, trail, certificate) or _slow(run, trail)
    if certificate is not None:
        return certificate
    if trail.answer is None:
        judge = judge_direct if trail.probe.proxy is None else judge_proxied
        return judge(run, trail)
    return _refused_by_server(trail) or _slow(run, trail)


def _refused_by_server(trail: Trail) -> Blame | None:
    """The server is reached and says that it cannot serve anybody."""
    stun = trail.first(Stun)
    if stun is None or stun.code < 500:
        return None
    return degraded(Cause.SERVER, f"the server answers {stun.code} {stun.reason}")


def _slow(run: Run, trail: Trail) -> Blame | None:
    stuck = run.large_vanish(trail.probe)
    if stuck:
        return degraded(
            Cause.PATH_MTU,
            "works with small packets, and large ones vanish without an ICMP error",
            f"{stuck} works with small segments only",
        )
    measured = _under_media(run, trail)
    if measured is not None:
        return measured
    rationed = None if trail.probe.way.datagrams else run.rationed(trail.probe)
    if rationed is not None:
        return degraded(
            Cause.RATE_LIMIT,
            f"works, but new connections to TCP {trail.probe.server.port} are rationed",
            describe(rationed),
        )
    hop = trail.probe.first_hop
    # The address of a media server comes with signalling, not from a resolver.
    named = hop.literal is None and trail.probe.way is not Way.SELF
    if named and run.slow_dns is not None:
        return degraded(
            Cause.DNS, f"works, but names take {milliseconds(run.slow_dns)} to be resolved"
        )
    proxy = trail.probe.proxy
    slow = run.slow_proxy(proxy) if proxy else None
    if slow is not None:
        return degraded(
            Cause.PROXY_UPSTREAM, f"works, but the proxy takes {milliseconds(slow)} to connect"
        )
    return None


def _under_media(run: Run, trail: Trail) -> Blame | None:
    """What a stream of packets met on this path, if one was sent."""
    if trail.probe.way.datagrams and trail.probe.family in run.forgetful:
        return degraded(Cause.NAT, "works, but a NAT forgets UDP so soon that pauses end the call")
    found = qualities(run.plan, run.log)
    own = next((each for each in found if each.path == trail.probe.path), None)
    told = spoilt(own, found) if own is not None else poor_link(found)
    if told is not None:
        return degraded(*told)
    thin = thin_link(run.plan, run.log)
    return degraded(Cause.LINK, "works, but the link is too thin for video", thin) if thin else None


def _web(run: Run, trail: Trail, certificate: Blame | None) -> Blame | None:
    """What HTTP says: a refused certificate first, then the status, then the upgrade."""
    if certificate is not None and certificate.outcome is Outcome.BLOCKED:
        return certificate
    http, secured = trail.first(Http), trail.first(Secured)
    if http is None or http.status == _SWITCHED:
        return certificate
    foreign = secured is not None and secured.trust is not Trust.VENDOR
    if foreign and trail.probe.proxy is not None and http.status in {403, 407}:
        return blocked(
            Cause.PROXY_REFUSAL,
            f"the proxy denies inside a forged TLS session: {http.status} {http.reason}",
            offender=certificate.offender if certificate else "",
        )
    if http.status >= 500:
        return blocked(Cause.SERVER, f"the server answers {http.status} {http.reason}")
    if _stripped(run, trail, http, foreign=foreign):
        return blocked(
            Cause.WEBSOCKET,
            f"the WebSocket upgrade is stripped: {http.status} {http.reason} in place of 101",
            "directly the server switches" if _twin_switches(run, trail) else http.via,
        )
    return certificate


def _stripped(run: Run, trail: Trail, http: Http, *, foreign: bool) -> bool:
    """A server need not have a WebSocket at our address; somebody between must be seen."""
    return _twin_switches(run, trail) or (foreign and bool(http.via))


def _twin_switches(run: Run, trail: Trail) -> bool:
    twins = (
        each
        for each in run.others(trail.probe)
        if (each.probe.server, each.probe.way) == (trail.probe.server, trail.probe.way)
    )
    return any(fact.status == _SWITCHED for each in twins for fact in each.all(Http))


def _of_dead_family(run: Run, finding: Finding) -> Finding:
    family, trail = finding.family, run.trails[finding.probe.id]
    spoilt = finding.outcome in {Outcome.BLOCKED, Outcome.INCONCLUSIVE}
    # Without a relay of that family nobody could try direct UDP: the same explains it.
    helpless = finding.probe.way is Way.SELF and trail.first(NotPossible) is not None
    if family is None or not (helpless or (spoilt and trail.step is not Step.RESOLVE)):
        return finding
    if not run.family_is_dead(family):
        return finding
    return replace(
        finding,
        outcome=Outcome.BLOCKED,
        cause=Cause.FAMILY,
        summary=f"{family} does not work at all here; the other family does",
        evidence=(*finding.evidence, finding.summary),
    )


def _notes(trail: Trail) -> list[str]:
    """What is worth telling beside the outcome."""
    notes = []
    stun, http = trail.first(Stun), trail.first(Http)
    if stun is not None and stun.code == _UNAUTHORIZED:
        notes.append("401: the server is reached and asks for credentials")
    if stun is not None and stun.code == 300:
        notes.append("300: the server sends clients to another one, which was not contacted")
    if http is not None and trail.probe.way is Way.WEB and http.status != _SWITCHED:
        notes.append(f"no WebSocket at this address: the server answers {http.status}")
    return notes

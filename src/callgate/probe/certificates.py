"""What a presented certificate means for a path (pure)."""

from datetime import UTC, datetime, timedelta

from callgate.probe.blame import Blame, blocked, degraded
from callgate.probe.events import Http, Secured, Trust
from callgate.probe.run import Run
from callgate.probe.targets import Way
from callgate.probe.trails import Trail
from callgate.probe.words import chain_words
from callgate.verdicts import Cause

_DATES = {"expired", "not yet valid"}


def judge_certificate(run: Run, trail: Trail) -> Blame | None:
    """Why the certificate spoils the path; None when it is the vendor's and right.

    A client refuses what nobody signed, whatever else would work behind it.
    """
    secured = trail.first(Secured)
    if secured is None:
        return None
    wrong = secured.trust is not Trust.VENDOR or bool(secured.trouble)
    if run.portal and trail.probe.proxy is None and wrong:
        return blocked(
            Cause.CAPTIVE_PORTAL,
            "a captive portal answers in place of the vendor: sign in first",
            f"it leads to {run.portal}",
        )
    if secured.trust is Trust.VENDOR:
        return _genuine(run, secured) if secured.trouble else None
    return _foreign(run, trail, secured)


def _genuine(run: Run, secured: Secured) -> Blame:
    skew = run.skew
    if secured.trouble in _DATES and skew is not None and _fits(secured, skew):
        days = abs(skew) / 86400
        return blocked(
            Cause.CLOCK,
            f"this machine's clock is {days:.0f} days {'late' if skew > 0 else 'early'}: "
            "every certificate looks wrong",
            "servers tell another date, at which the certificate is valid",
        )
    words = {
        "name": "is for another name",
        "expired": "has expired",
        "not yet valid": "is not valid yet",
        "chain": "comes without the authority that signed it",
    }.get(secured.trouble, f"is refused: {secured.trouble}")
    return blocked(Cause.CERTIFICATE, f"the vendor's own certificate {words}")


def _fits(secured: Secured, skew: float) -> bool:
    """Whether the certificate is valid at the time that the servers have."""
    if secured.chain is None or secured.checked_at is None:
        return False
    then = datetime.fromtimestamp(secured.checked_at, UTC) + timedelta(seconds=skew)
    begin, end = (
        datetime.fromisoformat(text) for text in (secured.chain.not_before, secured.chain.not_after)
    )
    return begin <= then <= end


def _foreign(run: Run, trail: Trail, secured: Secured) -> Blame:
    issuer = secured.chain.issuer if secured.chain else "nobody"
    signed = chain_words(secured.chain) if secured.chain else "no certificate"
    where = f"the proxy {trail.probe.first_hop}" if trail.probe.proxy else "a box on the way"
    if secured.trust is Trust.NOBODY and run.alone_unknown(trail):
        return blocked(
            Cause.CERTIFICATE,
            f"the vendor's own certificate comes without the authority that signed it ({issuer})",
            "another server shows a genuine certificate by the same way",
        )
    if secured.trust is Trust.NOBODY:
        return blocked(
            Cause.INTERCEPTION,
            f"{where} opens TLS with a certificate that nobody trusts (issuer {issuer})",
            signed,
            issuer,
        )
    opens = f"{where} inspects TLS (issuer {issuer})"
    if trail.probe.way is Way.WEB:
        return degraded(Cause.INTERCEPTION, f"{opens}, and it works", signed, issuer)
    if trail.answer is not None:
        return degraded(Cause.INTERCEPTION, f"{opens}, and TURN works in it", signed, issuer)
    http = trail.first(Http)
    if http is not None and trail.probe.proxy is not None and _denies(http):
        told = f"{http.status} {http.reason}"
        return blocked(Cause.PROXY_REFUSAL, f"{opens} and denies inside it: {told}", signed, issuer)
    return blocked(Cause.INTERCEPTION, f"{opens}, and TURN hangs in it", signed, issuer)


def _denies(http: Http) -> bool:
    """Whether a GET in place of STUN was forbidden; 426 and 404 come from the server."""
    return http.status in {401, 403, 407, 451}

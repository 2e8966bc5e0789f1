"""Evidence in words (pure)."""

from typing import Final

from callgate.probe.events import (
    Broken,
    Burst,
    Chain,
    Echoes,
    Fact,
    Http,
    Icmp,
    Idle,
    Load,
    Looked,
    NoRoute,
    NotPossible,
    OneWay,
    Opened,
    Page,
    Passed,
    ProxyAnswered,
    Refused,
    Secured,
    Silent,
    Stun,
    Tunnel,
)

#: RFC 792, RFC 1812 section 5.2.7.1.
_V4: Final = {
    (3, 0): "network unreachable",
    (3, 1): "host unreachable",
    (3, 2): "protocol unreachable",
    (3, 3): "port unreachable",
    (3, 4): "fragmentation needed",
    (3, 9): "network prohibited",
    (3, 10): "host prohibited",
    (3, 13): "admin-prohibited",
    (11, 0): "time exceeded",
}
#: RFC 4443 section 3.1.
_V6: Final = {
    (1, 0): "no route",
    (1, 1): "admin-prohibited",
    (1, 3): "address unreachable",
    (1, 4): "port unreachable",
    (1, 5): "policy fail",
    (1, 6): "reject route",
    (2, 0): "packet too big",
    (3, 0): "time exceeded",
}


def milliseconds(seconds: float) -> str:
    """``23 ms``, and ``0.4 ms`` where that matters."""
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def icmp_name(fact: Icmp) -> str:
    """``ICMP admin-prohibited``; the system's own word where it tells no type."""
    if fact.errno:
        return f"ICMP error ({fact.errno})"
    names = _V6 if ":" in fact.address.host else _V4
    return "ICMP " + names.get((fact.kind, fact.code), f"type {fact.kind} code {fact.code}")


def port_unreachable(fact: Icmp) -> bool:
    """Whether it says that nobody listens at the port."""
    return (fact.kind, fact.code) == ((1, 4) if ":" in fact.address.host else (3, 3))


def chain_words(chain: Chain) -> str:
    """Who signed what."""
    return f"{chain.subject or 'a certificate without a name'}, issued by {chain.issuer}"


def describe(fact: Fact) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind
    """One line for the log of evidence."""
    match fact:
        case Looked():
            told = ", ".join(fact.addresses) or fact.rcode
            return f"DNS {fact.kind} {fact.name} at {fact.resolver}: {told} in {_ms(fact)}"
        case Opened():
            small = " with small segments" if fact.small else ""
            return f"TCP connection to {fact.address}{small} in {_ms(fact)}"
        case Refused():
            return f"TCP reset from {fact.address} (or in its name) after {_ms(fact)}"
        case Icmp():
            sender = f" from {fact.offender}" if fact.offender else ""
            return f"{icmp_name(fact)}{sender} about {fact.address} after {_ms(fact)}"
        case NoRoute():
            return f"this machine does not send to {fact.address}: {fact.errno}"
        case Tunnel():
            extra = "".join(
                f", {name} {value}"
                for name, value in (
                    ("Via:", fact.via),
                    ("Server:", fact.server),
                    ("X-Squid-Error:", fact.error),
                    ("Proxy-Authenticate:", ", ".join(fact.schemes)),
                )
                if value
            )
            return f"CONNECT: {fact.status} {fact.reason} in {_ms(fact)}{extra}"
        case Secured():
            shown = chain_words(fact.chain) if fact.chain else "no certificate"
            judged = {"vendor": "genuine", "local": "signed by an authority of this machine only"}
            trust = judged.get(fact.trust.value, "signed by an authority that nobody knows")
            trouble = f", refused: {fact.trouble}" if fact.trouble else ""
            return f"{fact.version} in {_ms(fact)}: {shown}; {trust}{trouble}"
        case Http():
            asked = "GET" if fact.asked_plain else "WebSocket upgrade"
            via = f", Via: {fact.via}" if fact.via else ""
            where = f", Location: {fact.location}" if fact.location else ""
            return f"{asked}: {fact.status} {fact.reason} in {_ms(fact)}{via}{where}"
        case Stun():
            told = "success" if fact.code == 0 else f"{fact.code} {fact.reason}".rstrip()
            mapped = f", seen as {fact.mapped}" if fact.mapped else ""
            relayed = f", relay {fact.relayed}" if fact.relayed else ""
            old = " without magic cookie" if fact.classic else ""
            return f"{fact.method}{old}: {told} in {_ms(fact)}{mapped}{relayed}"
        case Passed():
            way = "there and back" if fact.back else "there"
            what = "a packet that is no STUN" if fact.plain else "STUN"
            return f"{what} passed {way} by {fact.relayed} in {_ms(fact)}"
        case Burst():
            return f"{fact.opened} of {fact.sent} connections at once to {fact.address} stood"
        case Echoes():
            came = sum(each is not None for each in fact.round_trips)
            return f"media {fact.how}: {came} of {len(fact.round_trips)} packets came"
        case Load():
            came = sum(each is not None for each in fact.round_trips)
            return f"{fact.kilobits} kbit/s: {came} of {len(fact.round_trips)} packets came"
        case OneWay():
            return f"UDP {fact.direction}: {fact.arrived} of {fact.sent} packets arrived"
        case Idle():
            told = "still came" if fact.alive else "no longer came"
            return f"after {fact.seconds:.0f} s without a packet, UDP from outside {told}"
        case Page():
            where = f", Location: {fact.location}" if fact.location else ""
            return f"plain HTTP at {fact.address}: {fact.status} {fact.reason}{where}"
        case NotPossible():
            return fact.reason
        case ProxyAnswered():
            return f"the proxy itself answers {fact.text} in {_ms(fact)}"
        case Broken():
            told = f": {fact.text}" if fact.text else ""
            return f"{fact.step}: {_ENDS[fact.how]} after {_ms(fact)}{told}"
        case Silent():
            return f"{fact.step}: nothing came"


_ENDS: Final = {
    "reset": "connection reset",
    "closed": "connection closed",
    "alert": "TLS refused",
    "protocol": "something else answers",
}


def _ms(
    fact: Looked
    | Opened
    | Refused
    | Icmp
    | Tunnel
    | Secured
    | Http
    | Stun
    | Passed
    | ProxyAnswered
    | Broken,
) -> str:
    return milliseconds(fact.seconds)

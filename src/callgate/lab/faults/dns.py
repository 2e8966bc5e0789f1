"""Faults of name resolution (pure).

Most concern the clients' queries alone: a proxy often asks another resolver, or the same one
by another way, and then its paths are what is left.
"""

from typing import Final

from callgate.lab.faults.changes import MISLED_PORT, Change, Names, Nft, Trouble
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import (
    NAMED,
    PROXY,
    RELAYS,
    RELAYS_PROXY,
    Place,
    Sign,
    Step,
    Truth,
    blocked,
    degraded,
)
from callgate.verdicts import Cause

_CLIENTS: Final = 'iifname "eth0" '
_DNS: Final = "meta l4proto { tcp, udp } th dport 53"
#: How the firewall tells the resolver which queries are the clients': behind its NAT, all
#: come from one address.
_MARK: Final = "0x01"


def _misled(trouble: Trouble) -> tuple[Change, ...]:
    """Clients alone get wrong answers."""
    return (
        Names(trouble),
        *(
            change
            for ip in ("ip", "ip6")
            for change in (
                Nft("firewall", "in", f"{_CLIENTS}{_DNS} {ip} dscp set {_MARK}"),
                Nft("isp", "dnat", f"{_DNS} {ip} dscp {_MARK} dnat to :{MISLED_PORT}"),
            )
        ),
    )


def _misled_all(trouble: Trouble, name: str | None = None) -> tuple[Change, ...]:
    """Clients and proxy get wrong answers."""
    return Names(trouble, name), Nft("isp", "dnat", f"{_DNS} dnat to :{MISLED_PORT}")


def _to_client(sign: Sign) -> Truth:
    return blocked(Cause.DNS, sign, Step.RESOLVE, Place.RESOLVER)


def _to_proxy(sign: Sign) -> Truth:
    return blocked(Cause.DNS, sign, Step.UPSTREAM, Place.RESOLVER)


def _port_53(verdict: str) -> tuple[Change, ...]:
    return (Nft("firewall", "in", f"{_CLIENTS}{_DNS} {verdict}"),)


def _at_firewall(sign: Sign) -> Truth:
    return blocked(Cause.DNS, sign, Step.RESOLVE, Place.FIREWALL)


FAULTS: Final = (
    Fault(
        "dns-drop",
        "the firewall drops the clients' DNS queries",
        _port_53("drop"),
        every(_at_firewall(Sign.SILENCE), NAMED),
    ),
    Fault(
        "dns-reject",
        "the firewall rejects the clients' DNS queries (ICMP admin-prohibited)",
        _port_53("reject with icmpx admin-prohibited"),
        every(_at_firewall(Sign.ICMP_ADMIN), NAMED),
    ),
    Fault(
        "dns-nxdomain",
        "the resolver says to clients that no name exists",
        _misled(Trouble.NXDOMAIN),
        every(_to_client(Sign.RCODE), NAMED),
    ),
    Fault(
        "dns-servfail",
        "the resolver fails for clients (SERVFAIL)",
        _misled(Trouble.SERVFAIL),
        every(_to_client(Sign.RCODE), NAMED),
    ),
    Fault(
        "dns-refused",
        "the resolver refuses to answer clients (REFUSED)",
        _misled(Trouble.REFUSED),
        every(_to_client(Sign.RCODE), NAMED),
    ),
    Fault(
        "dns-sinkhole",
        "the resolver gives clients 0.0.0.0 and :: for every name",
        _misled(Trouble.SINKHOLE),
        every(_to_client(Sign.ADDRESS), NAMED),
    ),
    Fault(
        "dns-slow",
        "the resolver takes 1.5 s to answer clients",
        _misled(Trouble.SLOW),
        every(degraded(Cause.DNS, Sign.DELAY, Step.RESOLVE, Place.RESOLVER), NAMED),
    ),
    Fault(
        "dns-turn-nxdomain",
        "the TURN server's name does not exist, for clients and proxy",
        _misled_all(Trouble.NXDOMAIN, "{turn_name}"),
        every(_to_client(Sign.RCODE), RELAYS) | every(_to_proxy(Sign.STATUS), RELAYS_PROXY),
    ),
    Fault(
        "dns-nxdomain-everywhere",
        "no name exists, for clients and proxy",
        _misled_all(Trouble.NXDOMAIN),
        every(_to_client(Sign.RCODE), NAMED) | every(_to_proxy(Sign.STATUS), PROXY),
    ),
    Fault(
        "dns-sinkhole-everywhere",
        "every name leads to 0.0.0.0 and ::, for clients and proxy",
        _misled_all(Trouble.SINKHOLE),
        every(_to_client(Sign.ADDRESS), NAMED) | every(_to_proxy(Sign.STATUS), PROXY),
    ),
    Fault(
        "dns-silent-everywhere",
        "the resolver answers nobody",
        _misled_all(Trouble.SILENCE),
        every(_to_client(Sign.SILENCE), NAMED) | every(_to_proxy(Sign.SILENCE), PROXY),
    ),
)

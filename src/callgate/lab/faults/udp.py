"""Faults that meet UDP whatever it carries (pure)."""

from collections.abc import Iterator
from typing import Final

from callgate.lab.faults.changes import Nft, Sysctl
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import UDP, Path, Place, Sign, Step, blocked, degraded
from callgate.verdicts import Cause

#: Name, words, match, paths. DNS is left alone.
_WHICH: Final = (
    ("udp", "all UDP but DNS", "udp dport != 53", UDP),
    ("udp-3478", "UDP 3478", "udp dport 3478", (Path.UDP_RELAY,)),
    ("udp-media", "UDP 45000-49999", "udp dport 45000-49999", (Path.UDP_DIRECT,)),
)
_DROPPED: Final = blocked(Cause.DROP, Sign.SILENCE, Step.REACH, Place.FIREWALL)
_REJECTED: Final = blocked(Cause.REJECT, Sign.ICMP_ADMIN, Step.REACH, Place.FIREWALL)
_LIMITED: Final = degraded(Cause.RATE_LIMIT, Sign.LOSS, Step.MEDIA, Place.FIREWALL)
_UNHEARD: Final = blocked(Cause.DROP, Sign.SILENCE, Step.REACH, Place.BACK)
_FORGOTTEN: Final = degraded(Cause.NAT, Sign.SILENCE, Step.MEDIA, Place.FIREWALL)


def _blocks() -> Iterator[Fault]:
    for name, words, match, paths in _WHICH:
        first = f'iifname "eth0" {match}'
        yield Fault(
            f"{name}-drop",
            f"{words} from clients is dropped",
            (Nft("firewall", "in", f"{first} drop"),),
            every(_DROPPED, paths),
        )
        yield Fault(
            f"{name}-reject",
            f"{words} from clients is rejected (ICMP admin-prohibited)",
            (Nft("firewall", "in", f"{first} reject with icmpx admin-prohibited"),),
            every(_REJECTED, paths),
        )


FAULTS: Final = (
    *_blocks(),
    Fault(
        "udp-rate-limit",
        "the firewall lets 20 UDP packets a second through, media needs 50",
        (
            Nft(
                "firewall",
                "in",
                'iifname "eth0" udp dport != 53 '
                "limit rate over 20/second burst 20 packets counter drop",
            ),
        ),
        every(_LIMITED, UDP),
    ),
    Fault(
        "udp-one-way",
        "UDP gets out, and the answers are dropped on the way back",
        (Nft("firewall", "in", 'iifname "eth1" udp sport { 3478, 45000-49999 } counter drop'),),
        every(_UNHEARD, UDP),
    ),
    Fault(
        "udp-short-timeout",
        "the NAT forgets UDP after one second without a packet",
        (
            Sysctl("firewall", "netfilter.nf_conntrack_udp_timeout", "1"),
            Sysctl("firewall", "netfilter.nf_conntrack_udp_timeout_stream", "1"),
        ),
        every(_FORGOTTEN, UDP),
        families=(4,),
    ),
)

"""Faults that meet the clients' TCP connections before any payload (pure)."""

from collections.abc import Iterator
from typing import Final

from callgate.lab.faults.changes import Nft
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import (
    TCP_443,
    Path,
    Place,
    Sign,
    Step,
    blocked,
    degraded,
)
from callgate.verdicts import Cause

#: The paths of a port, for a client without a proxy.
_PORTS: Final = {443: TCP_443, 3478: (Path.TCP_RELAY,)}
#: Name, words, verdict, sign, cause.
_VERDICTS: Final = (
    ("drop", "is dropped", "drop", Sign.SILENCE, Cause.DROP),
    ("reset", "is reset", "reject with tcp reset", Sign.RESET, Cause.REJECT),
    (
        "admin-prohibited",
        "is rejected as administratively prohibited",
        "reject with icmpx admin-prohibited",
        Sign.ICMP_ADMIN,
        Cause.REJECT,
    ),
    (
        "net-unreachable",
        "is rejected as if there were no route",
        "reject with icmpx no-route",
        Sign.ICMP_NET,
        Cause.REJECT,
    ),
    (
        "host-unreachable",
        "is rejected as if the host were down",
        "reject with icmpx host-unreachable",
        Sign.ICMP_HOST,
        Cause.REJECT,
    ),
)
_LIMIT: Final = (
    "tcp flags & (syn | ack) == syn limit rate over 1/second burst 1 packets counter drop"
)


def _faults() -> Iterator[Fault]:
    for port, paths in _PORTS.items():
        first = f'iifname "eth0" tcp dport {port}'
        for name, words, verdict, sign, cause in _VERDICTS:
            yield Fault(
                f"tcp-{port}-{name}",
                f"TCP {port} from clients {words}",
                (Nft("firewall", "in", f"{first} {verdict}"),),
                every(blocked(cause, sign, Step.REACH, Place.FIREWALL), paths),
            )
        yield Fault(
            f"tcp-{port}-syn-limit",
            f"the firewall lets one new connection a second to TCP {port} through",
            (Nft("firewall", "in", f"{first} {_LIMIT}"),),
            every(degraded(Cause.RATE_LIMIT, Sign.LOSS, Step.REACH, Place.FIREWALL), paths),
        )


FAULTS: Final = tuple(_faults())

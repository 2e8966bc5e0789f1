"""The vendor's side is wrong, or looks so to a machine with the wrong time (pure)."""

from typing import Final

from callgate.lab.faults.changes import Certificate, Nft, Web
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import (
    RELAYS_PROXY,
    Path,
    Place,
    Sign,
    Step,
    Truth,
    blocked,
)
from callgate.verdicts import Cause

_SIGNALLING: Final = (Path.SIGNALLING, Path.SIGNALLING_PROXY)
_TLS_RELAY: Final = (Path.TLS_RELAY, Path.TLS_RELAY_PROXY)
_WRONG: Final = blocked(Cause.CERTIFICATE, Sign.CERTIFICATE, Step.HANDSHAKE, Place.SERVER)
_TIME: Final = blocked(Cause.CLOCK, Sign.CERTIFICATE, Step.HANDSHAKE, Place.SERVER)
#: Not what a server asks itself, by which the lab knows that it is ready.
_ARRIVING: Final = 'iifname "eth0"'
_TURN_PORTS: Final = "{ 443, 3478 }"


def _down(sign: Sign, step: Step = Step.REACH) -> Truth:
    return blocked(Cause.SERVER, sign, step, Place.SERVER)


FAULTS: Final = (
    Fault(
        "turn-refuses",
        "the TURN server's program is down: its ports are closed",
        (
            Nft("turn", "in", f"{_ARRIVING} tcp dport {_TURN_PORTS} reject with tcp reset"),
            Nft("turn", "in", f"{_ARRIVING} udp dport 3478 reject with icmpx port-unreachable"),
        ),
        {Path.UDP_RELAY: _down(Sign.ICMP_PORT)}
        | every(_down(Sign.RESET), Path.TCP_RELAY, Path.TLS_RELAY)
        | every(_down(Sign.STATUS, Step.UPSTREAM), RELAYS_PROXY),
    ),
    Fault(
        "turn-silent",
        "the TURN server is gone: nothing comes back from it",
        (
            Nft(
                "turn", "in", f"{_ARRIVING} meta l4proto {{ tcp, udp }} th dport {_TURN_PORTS} drop"
            ),
        ),
        every(_down(Sign.SILENCE), Path.UDP_RELAY, Path.TCP_RELAY, Path.TLS_RELAY)
        | every(_down(Sign.SILENCE, Step.UPSTREAM), RELAYS_PROXY),
    ),
    Fault(
        "vendor-refuses",
        "the signalling server is down: its port is closed",
        (Nft("vendor", "in", f"{_ARRIVING} tcp dport 443 reject with tcp reset"),),
        {
            Path.SIGNALLING: _down(Sign.RESET),
            Path.SIGNALLING_PROXY: _down(Sign.STATUS, Step.UPSTREAM),
        },
    ),
    Fault(
        "vendor-silent",
        "the signalling server is gone: nothing comes back from it",
        (Nft("vendor", "in", f"{_ARRIVING} tcp dport 443 drop"),),
        {
            Path.SIGNALLING: _down(Sign.SILENCE),
            Path.SIGNALLING_PROXY: _down(Sign.SILENCE, Step.UPSTREAM),
        },
    ),
    Fault(
        "vendor-unavailable",
        "the signalling server answers every request with status 503",
        (Web(status=503),),
        every(_down(Sign.STATUS, Step.REQUEST), _SIGNALLING),
    ),
    Fault(
        "vendor-certificate-name",
        "the signalling server presents a certificate for another name",
        (Certificate("vendor", name="www.example.net"),),
        every(_WRONG, _SIGNALLING),
    ),
    Fault(
        "vendor-certificate-expired",
        "the signalling server's certificate has expired",
        (Certificate("vendor", begins=-90, ends=-1),),
        every(_WRONG, _SIGNALLING),
    ),
    Fault(
        "vendor-certificate-chain",
        "the signalling server does not send the intermediate authority's certificate",
        (Certificate("vendor", chain=False),),
        every(_WRONG, _SIGNALLING),
    ),
    Fault(
        "turn-certificate-expired",
        "the TURN server's certificate has expired",
        (Certificate("turn", begins=-90, ends=-1),),
        every(_WRONG, _TLS_RELAY),
    ),
    # A process cannot be given another wall clock (time_namespaces(7)), so the rest of the
    # world is: a machine that is late sees exactly this.
    Fault(
        "clock-behind",
        "the client's clock is 60 days late: certificates are not valid yet",
        (
            Certificate("vendor", begins=55, ends=145),
            Certificate("turn", begins=55, ends=145),
            Web(ahead=60),
        ),
        every(_TIME, _SIGNALLING, _TLS_RELAY),
    ),
    Fault(
        "clock-ahead",
        "the client's clock is 60 days early: certificates have expired",
        (
            Certificate("vendor", begins=-145, ends=-55),
            Certificate("turn", begins=-145, ends=-55),
            Web(ahead=-60),
        ),
        every(_TIME, _SIGNALLING, _TLS_RELAY),
    ),
)

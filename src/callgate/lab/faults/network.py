"""Faults of boxes and links on the way: TLS inspection, portals, NAT, MTU, IPv6 (pure)."""

from typing import Final

from callgate.lab.faults.changes import (
    INTERCEPTOR_PORT,
    PORTAL_HTTP_PORT,
    PORTAL_TLS_PORT,
    Interceptor,
    Nft,
    Portal,
    Queue,
)
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import (
    DIRECT,
    PROXY,
    TCP_443,
    TLS_PROXY,
    UDP,
    Path,
    Place,
    Sign,
    Step,
    blocked,
    degraded,
)
from callgate.verdicts import Cause

_CLIENTS: Final = 'iifname "eth0"'
_INTERCEPT: Final = Nft(
    "firewall", "dnat", f"{_CLIENTS} tcp dport 443 redirect to :{INTERCEPTOR_PORT}"
)
_OPENED: Final = degraded(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.FIREWALL)
_FORGED: Final = blocked(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.FIREWALL)
_PORTAL_TLS: Final = blocked(Cause.CAPTIVE_PORTAL, Sign.CERTIFICATE, Step.HANDSHAKE, Place.FIREWALL)
_PORTAL_DROP: Final = blocked(Cause.CAPTIVE_PORTAL, Sign.SILENCE, Step.REACH, Place.FIREWALL)
_LOSSY: Final = degraded(Cause.LINK, Sign.LOSS, Step.MEDIA, Place.OUTSIDE)
_THIN: Final = degraded(Cause.LINK, Sign.DELAY, Step.MEDIA, Place.OUTSIDE)
_STUCK: Final = blocked(Cause.PATH_MTU, Sign.SILENCE, Step.HANDSHAKE, Place.OUTSIDE)
_TORN: Final = degraded(Cause.PATH_MTU, Sign.SILENCE, Step.MEDIA, Place.OUTSIDE)
_LOSE: Final = "numgen random mod 10 0 drop"
_LIMIT: Final = "tbf rate 200kbit burst 2000 latency 400ms"

FAULTS: Final = (
    Fault(
        "tls-intercepted",
        "a transparent box opens all TLS, with an authority that clients trust",
        (Interceptor(trusted=True), _INTERCEPT),
        # It waits for HTTP where TURN speaks STUN.
        {Path.SIGNALLING: _OPENED, Path.TLS_RELAY: _FORGED},
        stands_in=frozenset(TCP_443),
    ),
    Fault(
        "tls-intercepted-untrusted",
        "a transparent box opens all TLS, with an authority that nobody trusts",
        (Interceptor(trusted=False), _INTERCEPT),
        every(_FORGED, TCP_443),
        stands_in=frozenset(TCP_443),
    ),
    Fault(
        "tls-intercepted-by-name",
        "a transparent box opens TLS, but leaves the TURN server's name alone",
        (Interceptor(trusted=True, exempt="{turn_name}"), _INTERCEPT),
        {Path.SIGNALLING: _OPENED},
        stands_in=frozenset(TCP_443),
    ),
    Fault(
        "captive-portal",
        "a portal answers web requests of clients that have not signed in, all else is dropped",
        (
            Portal(),
            Nft("firewall", "dnat", f"{_CLIENTS} tcp dport 80 redirect to :{PORTAL_HTTP_PORT}"),
            Nft("firewall", "dnat", f"{_CLIENTS} tcp dport 443 redirect to :{PORTAL_TLS_PORT}"),
            Nft("firewall", "in", f"{_CLIENTS} tcp dport != {{ 53, 80, 443 }} drop"),
            Nft("firewall", "in", f"{_CLIENTS} udp dport != 53 drop"),
        ),
        every(_PORTAL_TLS, TCP_443) | every(_PORTAL_DROP, UDP, Path.TCP_RELAY, PROXY),
        stands_in=frozenset(TCP_443),
    ),
    Fault(
        "mtu-black-hole",
        "packets of more than 576 bytes vanish without an ICMP error, either way",
        (Nft("isp", "in", "meta length > 576 drop"),),
        every(_STUCK, TCP_443, TLS_PROXY) | every(_TORN, UDP, Path.TCP_RELAY, Path.TCP_RELAY_PROXY),
    ),
    Fault(
        "nat-symmetric",
        "the NAT takes another port for every destination; a call to servers does not mind",
        (Nft("firewall", "snat", 'meta nfproto ipv4 oifname "eth1" masquerade fully-random'),),
    ),
    Fault(
        "ping-drop",
        "ICMP echo is dropped, and nothing else",
        (
            Nft("firewall", "in", "icmp type echo-request drop"),
            Nft("firewall", "in", "icmpv6 type echo-request drop"),
        ),
    ),
    Fault(
        "ipv6-drop",
        "IPv6 vanishes at the firewall",
        (
            Nft(
                "firewall",
                "in",
                'iifname { "eth0", "eth2" } ip6 daddr != {proxy_v6} meta l4proto { tcp, udp } drop',
            ),
        ),
        every(blocked(Cause.FAMILY, Sign.SILENCE, Step.REACH, Place.FIREWALL), DIRECT),
        families=(6,),
    ),
    Fault(
        "ipv6-no-route",
        "the firewall has no route for IPv6 and says so",
        (
            Nft(
                "firewall",
                "in",
                'iifname { "eth0", "eth2" } ip6 daddr != {proxy_v6} '
                "meta l4proto { tcp, udp } reject with icmpv6 no-route",
            ),
        ),
        every(blocked(Cause.FAMILY, Sign.ICMP_NET, Step.REACH, Place.FIREWALL), DIRECT),
        families=(6,),
    ),
    Fault(
        "link-lossy",
        "the link to the Internet loses one packet in ten, either way",
        (
            Nft("isp", "in", f'iifname "eth0" {_LOSE}'),
            Nft("firewall", "in", f'iifname "eth1" {_LOSE}'),
        ),
        every(_LOSSY, DIRECT, PROXY),
    ),
    Fault(
        "link-thin",
        "the link to the Internet carries 200 kbit/s, either way",
        (Queue("firewall", "eth1", _LIMIT), Queue("isp", "eth0", _LIMIT)),
        every(_THIN, DIRECT, PROXY),
    ),
)

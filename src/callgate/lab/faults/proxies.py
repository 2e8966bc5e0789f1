"""Faults of the site's proxy (pure). Paths beside the proxy are not touched."""

from typing import Final

from callgate.lab.faults.changes import Frozen, Nft, Proxy
from callgate.lab.faults.fault import Fault, every
from callgate.lab.faults.truth import (
    PROXY,
    RELAYS_PROXY,
    Path,
    Place,
    Sign,
    Step,
    Truth,
    blocked,
    degraded,
)
from callgate.lab.squid import Mode
from callgate.verdicts import Cause

_TO_PROXY: Final = 'iifname "eth0" tcp dport 3128'
_FROM_PROXY: Final = 'iifname "eth2" tcp dport { 443, 3478 }'
_OPENED: Final = degraded(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.PROXY)
_FORGED: Final = blocked(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.PROXY)
#: Squid answers 200 and then waits for TLS, which TURN over TCP does not speak.
_CLOSED: Final = blocked(Cause.INTERCEPTION, Sign.CLOSED, Step.REQUEST, Place.PROXY)
_STRIPPED: Final = blocked(Cause.WEBSOCKET, Sign.STATUS, Step.REQUEST, Place.PROXY)
_SLOW: Final = """\
#!/bin/sh
while read -r line; do
    sleep 1.5
    echo OK
done
"""


def _refusal(cause: Cause = Cause.PROXY_REFUSAL) -> Truth:
    return blocked(cause, Sign.STATUS, Step.ASK, Place.PROXY)


def _unreachable(sign: Sign, place: Place) -> Truth:
    return blocked(Cause.PROXY_UNREACHABLE, sign, Step.REACH, place)


def _upstream(sign: Sign) -> Truth:
    return blocked(Cause.PROXY_UPSTREAM, sign, Step.UPSTREAM, Place.OUTSIDE)


FAULTS: Final = (
    Fault(
        "proxy-authentication",
        "the proxy wants credentials (407)",
        (
            Proxy(
                "auth_param basic program /usr/lib/squid/basic_fake_auth\n"
                "acl known proxy_auth REQUIRED\n"
                "http_access deny !known\n"
            ),
        ),
        every(_refusal(Cause.PROXY_AUTHENTICATION), PROXY),
    ),
    Fault(
        "proxy-refuses-3478",
        "the proxy allows CONNECT to port 443 only",
        (Proxy(tunnels=("443",)),),
        {Path.TCP_RELAY_PROXY: _refusal()},
    ),
    Fault(
        "proxy-denies-vendor",
        "the proxy denies the vendor's domains, but the TURN server's name",
        (
            Proxy(
                "acl relay dstdomain -n {turn_name}\n"
                "acl app dstdomain -n {domains}\n"
                "http_access deny app !relay\n"
            ),
        ),
        {Path.SIGNALLING_PROXY: _refusal()},
    ),
    Fault(
        "proxy-denies-turn",
        "the proxy denies the TURN server's name",
        (Proxy("acl relay dstdomain -n {turn_name}\nhttp_access deny relay\n"),),
        every(_refusal(), RELAYS_PROXY),
    ),
    Fault(
        "proxy-bumps",
        "the proxy opens all TLS, with an authority that clients trust",
        (Proxy(mode=Mode.BUMP),),
        {
            Path.SIGNALLING_PROXY: _OPENED,
            Path.TLS_RELAY_PROXY: _FORGED,
            Path.TCP_RELAY_PROXY: _CLOSED,
        },
        stands_in=frozenset(PROXY),
    ),
    Fault(
        "proxy-strips-websocket",
        "the proxy opens the vendor's TLS, but not TURN's, and takes WebSocket upgrades out",
        (Proxy(mode=Mode.EXEMPT, websockets=False),),
        {Path.SIGNALLING_PROXY: _STRIPPED, Path.TCP_RELAY_PROXY: _CLOSED},
        stands_in=frozenset(PROXY),
    ),
    Fault(
        "proxy-upstream-dead",
        "the proxy's own parent proxy is down",
        (
            Proxy(
                "cache_peer 127.0.0.1 parent 9 0 no-query no-digest default\n"
                "never_direct allow all\n"
            ),
        ),
        every(blocked(Cause.PROXY_UPSTREAM, Sign.STATUS, Step.UPSTREAM, Place.PROXY), PROXY),
    ),
    Fault(
        "proxy-upstream-reset",
        "the firewall resets the proxy's connections to the Internet",
        (Nft("firewall", "in", f"{_FROM_PROXY} reject with tcp reset"),),
        every(_upstream(Sign.STATUS), PROXY),
    ),
    Fault(
        "proxy-upstream-drop",
        "the firewall drops the proxy's connections to the Internet",
        (Nft("firewall", "in", f"{_FROM_PROXY} drop"),),
        every(_upstream(Sign.SILENCE), PROXY),
    ),
    Fault(
        "proxy-slow",
        "the proxy takes 1.5 s to allow a connection",
        (
            Proxy(
                "external_acl_type delay ttl=0 negative_ttl=0 children-max=16 children-startup=8 "
                "%URI {folder}/delay.sh\n"
                "acl delayed external delay\n"
                "http_access deny !delayed\n",
                programs=(("delay.sh", _SLOW),),
            ),
        ),
        every(degraded(Cause.PROXY_UPSTREAM, Sign.DELAY, Step.ASK, Place.PROXY), PROXY),
    ),
    Fault(
        "proxy-hangs",
        "the proxy accepts connections and never answers",
        (Frozen(),),
        every(blocked(Cause.PROXY_UNREACHABLE, Sign.SILENCE, Step.ASK, Place.PROXY), PROXY),
    ),
    Fault(
        "proxy-drop",
        "the firewall drops connections to the proxy",
        (Nft("firewall", "in", f"{_TO_PROXY} drop"),),
        every(_unreachable(Sign.SILENCE, Place.FIREWALL), PROXY),
    ),
    Fault(
        "proxy-down",
        "the proxy's program is down: its port is closed",
        (Nft("proxy", "in", 'iifname "eth0" tcp dport 3128 reject with tcp reset'),),
        every(_unreachable(Sign.RESET, Place.PROXY), PROXY),
    ),
    Fault(
        "proxy-host-unreachable",
        "the firewall says that the proxy's host is down",
        (Nft("firewall", "in", f"{_TO_PROXY} reject with icmpx host-unreachable"),),
        every(_unreachable(Sign.ICMP_HOST, Place.FIREWALL), PROXY),
    ),
)

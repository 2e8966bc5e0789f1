"""What becomes of one path through a network, and who is to thank or to blame for it.

The lab states the truth of its faults in these words, and the probe its findings, so that
the two can be compared one by one.
"""

from enum import Enum

from callgate.verdicts.verdict import Verdict


class Outcome(Enum):
    """What happens to a path. ``INCONCLUSIVE`` is silence that nothing explains."""

    WORKS = "works"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    INCONCLUSIVE = "inconclusive"
    NOT_CHECKED = "not checked"

    def __str__(self) -> str:
        return self.value

    @property
    def verdict(self) -> Verdict:
        """The common verdict: a degraded path works on the condition that spoils it."""
        return _VERDICTS[self]


_VERDICTS = {
    Outcome.WORKS: Verdict.SATISFIED,
    Outcome.DEGRADED: Verdict.DEPENDS,
    Outcome.BLOCKED: Verdict.BLOCKED,
    Outcome.INCONCLUSIVE: Verdict.UNKNOWN,
    Outcome.NOT_CHECKED: Verdict.UNKNOWN,
}


class Cause(Enum):
    """Who spoils a path, told apart by whom an administrator has to ask."""

    DNS = "dns"  # the resolver: no answer, a wrong one, or too late
    REJECT = "reject"  # a first packet is answered by a reset or an ICMP error
    DROP = "drop"  # packets vanish, and a control shows that it is these packets
    RATE_LIMIT = "rate limit"  # some first packets or some media pass, the others do not
    INSPECTION = "payload inspection"  # let through until the payload shows
    INTERCEPTION = "tls interception"  # a certificate that is not the vendor's issuer's
    PROXY_AUTHENTICATION = "proxy authentication"
    PROXY_REFUSAL = "proxy refusal"  # CONNECT is denied: by name, port or address
    PROXY_UNREACHABLE = "proxy unreachable"  # nothing answers at the proxy's own address
    PROXY_UPSTREAM = "proxy upstream"  # the proxy answers and cannot get through itself
    WEBSOCKET = "websocket stripped"  # HTTPS works and the upgrade does not
    CAPTIVE_PORTAL = "captive portal"  # somebody else's page in place of the vendor's
    CERTIFICATE = "vendor certificate"  # the vendor's own, and wrong
    CLOCK = "clock"  # certificates look wrong because this machine's time is
    LINK = "link"  # every packet may be lost or late, whatever it is
    PATH_MTU = "path mtu"  # small packets pass, large ones vanish
    NAT = "nat"  # the mapping changes or is forgotten too early
    FAMILY = "address family"  # one of IPv4 and IPv6 is broken, and the other is not
    SERVER = "server"  # the vendor's server is down: its port refuses or is silent alone

    def __str__(self) -> str:
        return self.value

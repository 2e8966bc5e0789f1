"""How somebody else's programs see each sign that a truth names."""

import re

from callgate.lab.atlas import PROXY_PORT
from callgate.lab.faults import Path, Place, Sign, Step
from callgate.lab.faults.truth import RELAYS_PROXY
from callgate.lab.turnserver import TLS_PORT, TURN_PORT
from tests.lab.lab.faults.witness import ANSWERED, MEDIA, SILENT, job

#: tcpdump's words.
ICMP = {
    4: {
        Sign.ICMP_ADMIN: "admin prohibited",
        Sign.ICMP_NET: r"net \S+ unreachable",
        Sign.ICMP_HOST: r"host \S+ unreachable,",
        Sign.ICMP_PORT: r"udp port \d+ unreachable",
    },
    6: {Sign.ICMP_ADMIN: "unreachable prohibited", Sign.ICMP_NET: "unreachable route"},
}
#: OpenSSL's codes: not yet valid, expired, no issuer (two), another name.
UNFIT = r"Verify return code: (9|10|20|21|62) "
ISSUERS = "Callgate (inspection|untrusted) CA"
PORTS = {
    Path.SIGNALLING: 443,
    Path.UDP_DIRECT: MEDIA,
    Path.UDP_RELAY: TURN_PORT,
    Path.TCP_RELAY: TURN_PORT,
    Path.TLS_RELAY: TLS_PORT,
    Path.SIGNALLING_PROXY: 443,
    Path.TCP_RELAY_PROXY: TURN_PORT,
    Path.TLS_RELAY_PROXY: TLS_PORT,
}


class Signs:
    """What to run besides a path's own trial, and whether the sign was seen."""

    def __init__(self, witness, family=4):
        self._witness, self._atlas, self._family = witness, witness.stage.atlas, family

    def host(self, path):
        """The name that a path leads to."""
        signals = path in {Path.SIGNALLING, Path.SIGNALLING_PROXY}
        return self._atlas.vendor_name if signals else self._atlas.turn_name

    def far(self, path, truth):
        """Address and port that the client's own packets go to."""
        if truth.step is Step.RESOLVE:
            return self._atlas.resolver.v4, 53
        if path.proxied:
            return self._atlas.proxy.of(4), PROXY_PORT
        vendor = path in {Path.SIGNALLING, Path.UDP_DIRECT}
        node = self._atlas.vendor if vendor else self._atlas.turn
        return node.of(self._family), PORTS[path]

    def jobs(self, path, truth):
        """Programs that show what a path's trial does not."""
        host, port = self.host(path), PORTS[path]
        if truth.step is Step.RESOLVE:
            return [job("dig", "+tries=1", f"+time={2 * SILENT:.0f}", host, "A")]
        match truth.sign:
            case Sign.ISSUER | Sign.CERTIFICATE:
                proxy = ("-proxy", self._witness.proxy.partition("//")[2]) if path.proxied else ()
                where = ("-connect", f"{host}:{port}", "-servername", host)
                trust = ("-CAfile", str(self._witness.stage.trusted), "-verify_hostname", host)
                argv = ("openssl", "s_client", f"-{self._family}", *proxy, *where, *trust)
                return [job(*argv, until="Verify return code", within=ANSWERED)]
            case Sign.STATUS | Sign.CLOSED if path in RELAYS_PROXY:
                argv = ("curl", "-sv", "-p", "-x", self._witness.proxy, f"telnet://{host}:{port}")
                return [job(*argv, until=r"< HTTP/1\.\d \d{3}")]
        return []

    def unseen(self, path, truth, trial, texts, packets):
        """Why a sign was not seen; None when it was. ``texts`` are those of :meth:`jobs`."""
        if truth.step is Step.MEDIA:
            return None  # measured, in test_degraded.py
        said = " ".join([trial["text"], *texts])
        errors = self._errors(path, truth, packets)
        match truth.sign:
            case Sign.SILENCE:
                # All paths by the proxy share its port: a reset may be another one's.
                shared = path.proxied and truth.step > Step.REACH
                found = not trial["ended"] and (shared or not errors)
            case Sign.RESET:
                found = any("Flags [R" in each for each in errors)
            case Sign.ICMP_ADMIN | Sign.ICMP_NET | Sign.ICMP_HOST | Sign.ICMP_PORT:
                found = any(self._is(truth, each) for each in errors)
            case Sign.RCODE:
                found = re.search("status: (NXDOMAIN|SERVFAIL|REFUSED)", said)
            case Sign.ADDRESS:
                found = re.search(r"\sA\s+0\.0\.0\.0\n", said)
            case Sign.STATUS:
                found = re.findall(r"< HTTP/1\.\d (\d{3})", said)
                found = found and int(found[-1]) >= 400
            case Sign.ISSUER:
                found = re.search(f"issuer=CN = {ISSUERS}", said)
            case Sign.CERTIFICATE:
                found = re.search(UNFIT, said)
            case Sign.CLOSED:
                found = trial["ended"] and re.search(r"< HTTP/1\.\d 200", said)
            case Sign.DELAY:
                found = trial["seconds"] > 1.4
            case Sign.LOSS:
                found = True  # as above
        return None if found else f"no {truth.sign}: {said[-800:]!r}, {packets[-800:]!r}"

    def _errors(self, path, truth, packets):
        """What came back about a path: each an error with all its lines."""
        address, port = map(re.escape, map(str, self.far(path, truth)))
        udp = path in {Path.UDP_DIRECT, Path.UDP_RELAY} or truth.step is Step.RESOLVE
        reset = rf"{address}\.{port} > \S+ Flags \[R"
        # tcpdump prints of the quoted packet what it prints of any other, but not for IPv6.
        if self._family == 6:
            quoted = rf"unreachable \w+ {address}$"
        else:
            quoted = rf"proto {'UDP' if udp else 'TCP'}.*\n.* > {address}\.{port}:"
        about = re.compile(quoted if udp else f"{reset}|{quoted}", re.MULTILINE)
        found = re.split(r"\n(?=\d\d:\d\d:)", packets)
        return [each for each in found if about.search(each)]

    def _is(self, truth, error):
        """An ICMP error of the right kind, sent by the place that the truth names."""
        firewall = "169.254.77.1" if self._family == 4 else self._atlas.outside.v6
        node = {Place.FIREWALL: firewall, Place.SERVER: self._atlas.turn.of(self._family)}
        words = ICMP[self._family][truth.sign]
        return re.search(rf"{re.escape(node[truth.place])} > \S+ .*ICMP.*{words}", error)

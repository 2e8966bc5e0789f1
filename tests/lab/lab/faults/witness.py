"""Somebody else's programs try every path of a broken stage, all at once.

curl signals, through the proxy too; coturn's client gets an allocation from the TURN server
and its STUN client an answer from a media port. socat gives coturn's client what it lacks:
CONNECT, and TLS that checks names. tcpdump keeps the errors that come back.
"""

import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path as File

from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT
from callgate.lab.faults import Path
from callgate.lab.programs import Program, await_ports
from callgate.lab.signalling import LIGHT
from callgate.lab.stage import HEALTHY, Stage
from callgate.lab.turnserver import PASSWORD, TLS_PORT, TURN_PORT, USER
from callgate.netns.commands import find as program

TOOLS = (
    *("ip", "nft", "tc", "conntrack", "turnserver", "turnutils_uclient", "turnutils_stunclient"),
    *("squid", "curl", "dig", "openssl", "socat", "tcpdump", "ping"),
)
#: Seconds in which silence counts as silence, and an answer must come on a busy machine.
SILENT, ANSWERED = 1.0, 15.0
#: One of the vendor's media ports, where coturn stands in for a media server.
MEDIA = 47000
#: Loopback ports of the client that socat leads to the TURN server.
CONNECT_3478, CONNECT_443, CONNECT_TLS = 5478, 5443, 7443
TLS = {4: 6443, 6: 6446}
#: What each path's program says when the path works.
WORKS = dict.fromkeys(Path, "Received relay addr") | {
    Path.SIGNALLING: "101 Switching",
    Path.SIGNALLING_PROXY: "101 Switching",
    Path.UDP_DIRECT: "reflexive addr",
}
UPGRADE = (
    *("-H", "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13"),
    *("-H", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
)


@contextmanager
def witnessed(atlas):
    """A healthy stage with everything that tries it."""
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(atlas))
        stage.arrange(Rules(nft=""), HEALTHY)
        stack.callback(media_server(stage).end)
        agent = stage.seat([sys.executable, str(File(__file__).with_name("agent.py"))], "agent")
        stack.callback(agent.end)
        yield Witness(stage, agent)


def media_server(stage):
    """coturn as a STUN server at a media port."""
    listen = [f"--listening-ip={address}" for address in stage.atlas.vendor.both]
    options = ["-n", "--stun-only", f"--listening-port={MEDIA}", "--no-cli", "--no-tls"]
    options += ["--no-dtls", "--log-file=stdout", f"--pidfile={stage.folder}/media.pid"]
    options += [f"--userdb={stage.folder}/media.db"]
    argv = ["turnserver", *options, *listen]
    server = Program(stage["vendor"], argv, stage.log("media"))
    await_ports(server, stage["vendor"], stage.atlas.vendor.both, [MEDIA])
    return server


def job(*argv, until=None, within=ANSWERED):
    """A program for the agent: done when it says ``until``, ends, or has had its time."""
    return {"argv": [program(argv[0]), *argv[1:]], "until": until, "within": within}


class Witness:
    """A stage, and an agent on its client's machine."""

    def __init__(self, stage, agent):
        self.stage, self._agent = stage, agent
        agent.tell({"helpers": self._helpers()})
        agent.hear()

    def run(self, jobs):
        """What programs said that ran at the same time, by name, and what tcpdump saw."""
        self._agent.tell(jobs)
        found = self._agent.hear_json()
        return found["programs"], found["packets"]

    def trial(self, path, family, within):
        """The program that tries a path."""
        atlas = self.stage.atlas
        if path in {Path.SIGNALLING, Path.SIGNALLING_PROXY}:
            return self._web(path, family, within)
        if path is Path.UDP_DIRECT:
            address = atlas.vendor.of(family)
            # It asks once, and a link may lose that.
            again = ("sh", "-c", 'while :; do timeout 0.4 "$@"; done', "sh")
            argv = (program("turnutils_stunclient"), "-p", str(MEDIA), address)
            return job(*again, *argv, until=WORKS[path], within=within)
        local = {
            Path.TLS_RELAY: TLS[family],
            Path.TCP_RELAY_PROXY: CONNECT_3478,
            Path.TLS_RELAY_PROXY: CONNECT_TLS,
        }.get(path)
        # coturn's client takes the first address of a name, which is one of IPv4.
        host = atlas.turn_name if family == 4 else atlas.turn.v6
        where = ("-L", "127.0.0.1", "-p", str(local), "127.0.0.1") if local else (host,)
        stream = () if path is Path.UDP_RELAY else ("-t",)
        client = ("turnutils_uclient", "-v", "-y", "-c", "-n", "1", "-u", USER, "-w", PASSWORD)
        return job(*client, *stream, *where, until=WORKS[path], within=within)

    def _web(self, path, family, within):
        options = ("-sv", f"-{family}", "--http1.1", "--cacert", str(self.stage.trusted))
        proxy = ("-x", self.proxy) if path.proxied else ()
        url = f"https://{self.stage.atlas.vendor_name}{LIGHT}"
        return job("curl", *options, *proxy, *UPGRADE, url, until=WORKS[path], within=within)

    @property
    def proxy(self):
        """The proxy as curl is told of it."""
        return f"http://{self.stage.atlas.proxy.v4}:{PROXY_PORT}"

    def _helpers(self):
        atlas = self.stage.atlas
        proxy = f"PROXY:{atlas.proxy.v4}:{atlas.turn_name}"
        name = atlas.turn_name
        tls = f"cafile={self.stage.trusted},snihost={name},commonname={name}"
        far = {
            CONNECT_3478: f"{proxy}:{TURN_PORT},proxyport={PROXY_PORT}",
            CONNECT_443: f"{proxy}:{TLS_PORT},proxyport={PROXY_PORT}",
            **{port: f"OPENSSL:{name}:{TLS_PORT},pf=ip{ip},{tls}" for ip, port in TLS.items()},
            CONNECT_TLS: f"OPENSSL:127.0.0.1:{CONNECT_443},{tls}",
        }
        return [
            [program("socat"), f"TCP4-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr", leads]
            for port, leads in far.items()
        ]

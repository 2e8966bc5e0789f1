"""Network namespaces for tests of ``apply.sh``: a client, a router or host, a server."""

import subprocess
import sys
from contextlib import contextmanager

from callgate.netns import End, Link, Route, Topology

_SERVER = """
import socket, sys
host, port, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
family = socket.AF_INET6 if ":" in host else socket.AF_INET
server = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, port))
if kind == "tcp":
    server.listen()
print("ready", flush=True)
while True:
    if kind == "udp":
        data, peer = server.recvfrom(100)
        server.sendto(data, peer)
    else:
        peer, _ = server.accept()
        peer.sendall(b"hello")
        peer.close()
"""
_CLIENT = """
import socket, sys
host, port, kind, wait = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
family = socket.AF_INET6 if ":" in host else socket.AF_INET
client = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
client.settimeout(wait)
try:
    client.connect((host, port))
    if kind == "udp":
        client.send(b"hello")
    print("passed" if client.recv(10) == b"hello" else "cut")
except TimeoutError:
    print("silence")
except OSError as error:
    print("refused", error.errno)
"""
_INSIDE = """
import socket, sys
server = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen()
print("ready", flush=True)
peer, _ = server.accept()
sys.stdin.readline()
peer.sendall(b"prompt ")
print("sent", flush=True)
peer.sendall(peer.recv(100))
sys.stdin.readline()
"""
_OUTSIDE = """
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
client.settimeout(5)
sys.stdin.readline()
heard = b""
try:
    client.sendall(b"ls")
    while not heard.endswith(b"ls"):
        more = client.recv(100)
        if not more:
            break
        heard += more
except OSError as error:
    heard = str(error).encode()
print(heard.decode(), flush=True)
"""
_AWAIT = """
import socket, sys, time
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
end = time.monotonic() + 10
while time.monotonic() < end:
    with socket.socket(family) as client:
        client.settimeout(0.1)
        try:
            client.connect((sys.argv[1], 1))
        except ConnectionRefusedError:
            sys.exit()
        except OSError:
            pass
sys.exit("no answer")
"""


class Space:
    """One network namespace; commands and servers run inside it."""

    def __init__(self, namespace):
        self.namespace = namespace
        self._servers = []

    def command(self, *argv):
        return ["ip", "netns", "exec", self.namespace.name, *argv]

    def run(self, *argv, stdin=None, check=True, env=None):
        """Run to the end; the finished process with its text output."""
        done = subprocess.run(
            self.command(*argv),
            input=stdin,
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
            env=env,
        )
        if check and done.returncode:
            raise AssertionError(f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def nft(self, text):
        """Load nftables text."""
        self.run("nft", "-f", "-", stdin=text)

    def ruleset(self):
        """The nftables ruleset without counters."""
        return self.run("nft", "-s", "list", "ruleset").stdout

    def forget_neighbours(self):
        """The next packet needs neighbour discovery, with a first answer soon or never."""
        self.namespace.sysctl({"ipv6.neigh.eth0.retrans_time_ms": "50"})
        self.run("ip", "-6", "neigh", "flush", "dev", "eth0", "nud", "all")

    def await_answer(self, address):
        """Return when the address answers: a fresh link drops packets for up to a second."""
        self.run(sys.executable, "-c", _AWAIT, address)

    def serve(self, kind, host, port):
        """Start an echo (udp) or greeting (tcp) server; returns when it listens."""
        server = subprocess.Popen(
            self.command(sys.executable, "-c", _SERVER, host, str(port), kind),
            stdout=subprocess.PIPE,
            text=True,
        )
        self._servers.append(server)
        assert server.stdout.readline() == "ready\n"

    def reach(self, kind, host, port, wait=0.7):
        """``passed``, ``silence`` or ``refused``: what a client's first packet meets."""
        client = self.run(sys.executable, "-c", _CLIENT, host, str(port), kind, str(wait))
        return client.stdout.split()[0]

    def talk(self, program, *argv):
        """Start one side of a conversation; it has said that it is ready."""
        side = subprocess.Popen(
            self.command(sys.executable, "-c", program, *argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._servers.append(side)
        assert side.stdout.readline() == "ready\n"
        return side

    def close(self):
        for server in self._servers:
            server.terminate()
            server.wait()
            server.stdout.close()
            if server.stdin:
                server.stdin.close()


def session(inside, outside, address, port):
    """An open connection from outside to a port inside; two functions that make them talk.

    The first one makes the inside say ``prompt``; the second makes the outside say ``ls``,
    which the inside repeats, and returns all that the outside heard.
    """
    server = inside.talk(_INSIDE, address, str(port))
    client = outside.talk(_OUTSIDE, address, str(port))

    def prompt():
        print(file=server.stdin, flush=True)
        server.stdout.readline()

    def answer():
        print(file=client.stdin, flush=True)
        return client.stdout.readline().strip()

    return prompt, answer


CLIENT_V4, CLIENT_V6 = "192.0.2.10", "2001:db8:1::10"
SERVER_V4, SERVER_V6 = "198.51.100.7", "2001:db8:2::7"
HOST_V6 = "2001:db8:2::1"


@contextmanager
def spaces(topology):
    """The nodes of a topology, in order; their servers end with it."""
    with topology:
        made = [Space(topology[node]) for node in topology.nodes]
        try:
            yield made
        finally:
            for space in made:
                space.close()


def routed():
    """Client, router and server in a row, both families, nothing filtered."""
    inside = ("192.0.2.1/24", "2001:db8:1::1/64")
    outside = ("198.51.100.1/24", "2001:db8:2::1/64")
    client = (f"{CLIENT_V4}/24", f"{CLIENT_V6}/64")
    server = (f"{SERVER_V4}/24", f"{SERVER_V6}/64")
    gateways = [("client", each) for each in inside] + [("server", each) for each in outside]
    return spaces(
        Topology(
            [
                Link(End("client", client), End("router", inside)),
                Link(End("router", outside), End("server", server)),
            ],
            [
                Route(node, "::/0" if ":" in via else "0.0.0.0/0", via.partition("/")[0], "eth0")
                for node, via in gateways
            ],
            routers=["router"],
        )
    )


@contextmanager
def neighbours():
    """Two hosts on one IPv6 link that have to find each other first."""
    link = Link(End("host", (f"{HOST_V6}/64",)), End("peer", (f"{SERVER_V6}/64",)))
    with spaces(Topology([link])) as (host, peer):
        for space in (host, peer):
            space.forget_neighbours()
        host.await_answer(SERVER_V6)
        yield host, peer

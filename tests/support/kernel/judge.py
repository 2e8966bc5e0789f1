"""A kernel that judges: one namespace whose interfaces have any names we like.

Interfaces are tunnels (``/dev/net/tun``): what is written to one comes in by it, and what
the kernel sends out by it can be read. A write returns when the kernel has judged the
packet and, if it passes, has put it where it is read from; so nothing is waited for. The
far ends of a network would add nothing: what leaves the box is what passed.
"""

import fcntl
import os
import socket
import struct
from contextlib import ExitStack, suppress
from ipaddress import IPv6Address

from callgate.flows import Family
from callgate.flows.prefixes import address_of
from callgate.netns import Namespace, Ownership, commands, conntrack
from callgate.netns.namespaces import NAMED
from callgate.netns.stepping import inside
from tests.support.kernel.packets import PLAIN, arrived, parsed, wire

TUNNEL = "/dev/net/tun"
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x0001 | 0x1000
_SO_MARK = 36
_MARK = 0xCA11
_BATCH = 64
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_DOMAINS = {Family.V4: socket.AF_INET, Family.V6: socket.AF_INET6}
#: Our own kernel keeps quiet: what it says to a strange packet is no part of the test.
_HUSH = f"""
table inet callgate_hush {{
	chain output {{
		type filter hook output priority -500; policy accept;
		meta mark != {_MARK} drop
		meta mark set 0
	}}
}}
"""
_PARAMETERS = {
    "ipv4.conf.all.forwarding": "1",
    "ipv4.conf.all.rp_filter": "0",
    "ipv4.conf.default.rp_filter": "0",
    "ipv4.conf.all.accept_local": "1",
    "ipv4.conf.default.accept_local": "1",
    "ipv4.conf.all.log_martians": "0",
    "ipv6.conf.all.disable_ipv6": "0",
    "ipv6.conf.default.disable_ipv6": "0",
    "ipv6.conf.default.addr_gen_mode": "1",
    "ipv6.conf.default.accept_ra": "0",
    "ipv6.conf.default.router_solicitations": "0",
    "ipv6.conf.all.forwarding": "1",
}


class Judge:
    """A context manager: a namespace with tunnels of the given names."""

    def __init__(self, interfaces):
        self.interfaces = tuple(interfaces)
        self._stack = ExitStack()
        self._way, self._routes = None, []
        self._sets = False

    def __enter__(self):
        with ExitStack() as stack:
            owner = stack.enter_context(Ownership())
            self.namespace = Namespace(owner.name("judge"))
            NAMED.mkdir(mode=0o755, exist_ok=True)
            commands.run("ip", "netns", "add", self.namespace.name)
            self.namespace.sysctl(_PARAMETERS)
            self._tunnels = {name: self._tunnel(stack, name) for name in self.interfaces}
            # Before any link is up, for a link that comes up speaks of neighbours.
            self.namespace.load_nft(_HUSH)
            lines = [f"link set {name} up" for name in ("lo", *self.interfaces)]
            # For what is masqueraded: some address that the box has.
            lines.append("address add 192.0.0.8/32 dev lo scope global")
            self.namespace.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")
            self._listeners = [
                self._listener(stack, family, protocol) for family in Family for protocol in PLAIN
            ]
            self._speakers = {family: self._speaker(stack, family) for family in Family}
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def clear(self):
        """No ruleset, no connections."""
        self.namespace.load_nft("flush ruleset\n" + _HUSH)
        if self._sets:
            self.namespace.run("ipset", "destroy")
            self._sets = False
        conntrack.forget(self.namespace)

    def make_sets(self, text):
        """Make named sets, as ``ipset save`` writes them; they last until :meth:`clear`."""
        self._sets = True
        self.namespace.run("ipset", "restore", stdin=text)

    def deliver(self, hook, packets):
        """Send packets the way of a hook (``forward``, ``input``, ``output``).

        Returns what came out at the far end of it, each with its source there.
        """
        came = {}
        for batch in _batches(packets):
            self._towards("local" if hook == "input" else batch[0].out_interface)
            for sent in batch:
                self._send(hook, sent)
            came |= self._taken(hook, batch[0].out_interface)
        return came

    def _send(self, hook, sent):
        data = wire(sent)
        if hook != "output":
            os.write(self._tunnels[sent.in_interface], data)
            return
        family = sent.packet.family
        end = (str(address_of(sent.packet.destination, family)), 0)
        # The host's own ruleset may refuse at once: that is a judgement too.
        with suppress(PermissionError):
            self._speakers[family].sendto(data, end)

    def _taken(self, hook, interface):
        """What came out where it should, since this was last asked; all else is thrown away."""
        heard = dict(found for each in self._listeners for found in _heard(*each))
        out = {name: dict(map(arrived, _read(tunnel))) for name, tunnel in self._tunnels.items()}
        return heard if hook == "input" else out[interface]

    def _towards(self, way):
        """Route everything out by an interface, or to the box itself."""
        if way == self._way:
            return
        kind, interface = ("local ", "lo") if way == "local" else ("", way)
        routes = [f"{kind}{every} dev {interface}" for every in _EVERYWHERE]
        lines = [f"route del {route}" for route in self._routes]
        lines += [f"route add {route}" for route in routes]
        self.namespace.run("ip", "-batch", "-", stdin="\n".join(lines) + "\n")
        self._way, self._routes = way, routes

    def _tunnel(self, stack, name):
        with inside(self.namespace.path):
            tunnel = os.open(TUNNEL, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        stack.callback(os.close, tunnel)
        fcntl.ioctl(tunnel, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN_NO_PI))
        return tunnel

    def _listener(self, stack, family, protocol):
        listener = self.namespace.socket(_DOMAINS[family], socket.SOCK_RAW, protocol)
        stack.callback(listener.close)
        listener.setblocking(False)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        if family is Family.V6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        return family, protocol, listener

    def _speaker(self, stack, family):
        speaker = self.namespace.socket(_DOMAINS[family], socket.SOCK_RAW, socket.IPPROTO_RAW)
        stack.callback(speaker.close)
        speaker.setsockopt(socket.SOL_SOCKET, _SO_MARK, _MARK)
        return speaker


def _batches(packets):
    """Runs of packets that leave by one interface, short enough for every queue."""
    batch = []
    for sent in packets:
        if batch and (len(batch) == _BATCH or batch[0].out_interface != sent.out_interface):
            yield batch
            batch = []
        batch.append(sent)
    if batch:
        yield batch


def _read(tunnel):
    while True:
        try:
            yield os.read(tunnel, 2048)
        except BlockingIOError:
            return


def _heard(family, protocol, listener):
    """Packets that were delivered to the box; an IPv6 socket shows no header."""
    while True:
        try:
            data, extra, _, (source, *_) = listener.recvmsg(2048, 64)
        except BlockingIOError:
            return
        if family is Family.V4:
            yield arrived(data)
        else:
            (destination,) = (
                info[:16]
                for level, kind, info in extra
                if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO)
            )
            ends = int(IPv6Address(source.partition("%")[0])), int.from_bytes(destination)
            yield parsed(family, protocol, *ends, data)

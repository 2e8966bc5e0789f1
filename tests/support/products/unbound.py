"""Unbound in a namespace, over the lab's own nameserver."""

import socket
from contextlib import contextmanager

import dns.message
import dns.query
import dns.rcode

from callgate.lab.programs import Program, await_ports, ours

UPSTREAM = "127.0.0.2"
SETTINGS = """
server:
    interface: 127.0.0.1
    do-ip6: no
    use-syslog: no
    logfile: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    username: ""
    do-not-query-localhost: no
    harden-below-nxdomain: no
    module-config: "respip iterator"
{rest}
forward-zone:
    name: "."
    forward-addr: {upstream}
"""


@contextmanager
def upstream(namespace, folder, addresses):
    """A resolver that knows these hosts, each by its address."""
    names = Program(namespace, ours("nameserver"), folder / "names.log")
    try:
        known = {host: [address] for host, address in addresses.items()}
        names.tell({"listen": [UPSTREAM], "hosts": known, "patterns": [], "below": []})
        names.hear()
        yield
    finally:
        names.end()


@contextmanager
def running(namespace, folder, rest):
    """Unbound with further lines; gives a function that tells whether a name exists."""
    configured = folder / "unbound.conf"
    configured.write_text(SETTINGS.format(folder=folder, rest=rest, upstream=UPSTREAM))
    program = Program(namespace, ["unbound", "-d", "-c", str(configured)], folder / "unbound.log")
    try:
        await_ports(program, namespace, ["127.0.0.1"], [53])
        yield lambda host: exists(namespace, host)
    finally:
        program.end()


def exists(namespace, host):
    with namespace.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        query = dns.message.make_query(host, "A")
        answer = dns.query.udp(query, "127.0.0.1", timeout=10, sock=asking)
    return {dns.rcode.NOERROR: True, dns.rcode.NXDOMAIN: False}[answer.rcode()]

"""Squid with a configuration of ours, and what it answers to a request."""

import shutil
import socket
from contextlib import contextmanager

from callgate.lab import squid
from callgate.lab.programs import Program, await_ports

PORT = 3128
#: What keeps a Squid of a test to its own folder; stands behind our lines.
HARNESS = """
pid_filename {folder}/squid.pid
cache_log {folder}/cache.log
access_log stdio:{folder}/access.log
coredump_dir {folder}
cache deny all
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
cache_effective_user proxy
hosts_file {folder}/hosts
dns_nameservers 127.0.0.1
"""


def written(folder, text, hosts=()):
    """The configuration with what a test needs besides; ``hosts`` are at 127.0.0.1."""
    folder.chmod(0o755)
    (folder / "hosts").write_text("".join(f"127.0.0.1 {each}\n" for each in hosts))
    configured = folder / "squid.conf"
    configured.write_text(text + HARNESS.format(folder=folder), encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, squid.USER)
    return configured


@contextmanager
def running(namespace, folder, text, hosts=()):
    """A Squid in a namespace, until the body ends."""
    program = Program(namespace, squid.command(written(folder, text, hosts)), folder / "squid.log")
    try:
        await_ports(program, namespace, ["127.0.0.1"], [PORT])
        yield
    finally:
        program.end()


def status(namespace, request, *headers):
    """The status of the answer to a request line, as a text."""
    with namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(20)
        connection.connect(("127.0.0.1", PORT))
        lines = [request, *headers, "Connection: close", "", ""]
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(4096).split(b" ", 2)[1].decode()


def connect(namespace, host, port=443):
    """The status of a CONNECT."""
    return status(namespace, f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}")

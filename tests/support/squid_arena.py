"""A real Squid between a client and an origin, all on the loopback of a namespace of their own.

``python -m tests.support.squid_arena FOLDER < batch.json > answers.json``, run under
``unshare --net``. For each configuration of the batch Squid is started anew and asked for
every request; what came of each is told as a :class:`Seen`. Certificates tell who speaks:
the origin has one, and what Squid forges is another one.
"""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from callgate.lab.authority import Authority

PROXY_PORT = 3128
ORIGIN = "127.0.0.99"
_HELPER = "/usr/lib/squid/security_file_certgen"
#: TURN's first message has no line feed that Squid could take for the end of a request.
_STUN = bytes.fromhex("000100002112a442") + b"callgate-one"
_TIMEOUT = 2.0


@dataclass(frozen=True)
class Seen:
    """What came of one request.

    ``tls`` is ``origin``, ``forged`` or ``none``; ``upgraded`` whether a WebSocket handshake
    got through; ``echoed`` whether plain TURN did. Where plain TURN does not, nobody can tell
    a denial from a proxy that waits for TLS: under ssl-bump both answer 200 first.
    """

    passes: bool
    tls: str = "none"
    upgraded: bool = False
    echoed: bool = False


def preamble(folder, *, inspects=True):
    """The part of a squid.conf that is about this arena and decides nothing."""
    options = (
        f" ssl-bump generate-host-certificates=on tls-cert={folder}/bump.pem"
        f" tls-key={folder}/bump.key"
        if inspects
        else ""
    )
    return f"""\
http_port 127.0.0.1:{PROXY_PORT}{options}
sslcrtd_program {_HELPER} -s {folder}/store -M 4MB
sslcrtd_children 2 startup=1 idle=1
tls_outgoing_options cafile={folder}/origin-ca.pem
hosts_file {folder}/hosts
dns_nameservers 127.0.0.98
pid_filename {folder}/squid.pid
cache_log {folder}/cache.log
access_log none
cache deny all
coredump_dir {folder}
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
visible_hostname arena
"""


def ask(batch, folder):
    """Run a batch in a namespace of its own; one list of :class:`Seen` for each configuration.

    None stands for a request at which Squid itself fell over.
    """
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "tests.support.squid_arena", str(folder)],
        input=json.dumps(batch),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [
        [None if each is None else Seen(**each) for each in answers]
        for answers in json.loads(done.stdout)
    ]


def _certificates(folder, names):
    for label in ("origin", "bump"):
        (folder / label).mkdir(exist_ok=True)
    origin, bump = Authority(folder / "origin"), Authority(folder / "bump")
    leaf = origin.issue("leaf", *names)
    shutil.copy(origin.identity.certificate, folder / "origin-ca.pem")
    shutil.copy(bump.identity.certificate, folder / "bump.pem")
    shutil.copy(bump.identity.key, folder / "bump.key")
    return leaf


def _serve(port, handle):
    listening = socket.create_server((ORIGIN, port))

    def accept():
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=handle, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def _origin(leaf):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate, leaf.key)

    def web(connection):
        try:
            with context.wrap_socket(connection, server_side=True) as tls:
                asked = tls.recv(65536).lower()
                line = b"101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade"
                if b"upgrade: websocket" not in asked:
                    line = b"200 OK\r\nContent-Length: 0\r\nConnection: close"
                tls.sendall(b"HTTP/1.1 " + line + b"\r\n\r\n")
                tls.recv(1)
        except OSError:
            connection.close()

    def relay(connection):
        with connection:
            got = connection.recv(2048)
            connection.sendall(got)

    _serve(443, web)
    _serve(3478, relay)


def _request(request, leaf):
    host, port = request["host"], request["port"]
    source = (request.get("client") or "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", PROXY_PORT), 5, source) as connection:
        connection.settimeout(5)
        connection.sendall(
            f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        )
        reply = b""
        while b"\r\n\r\n" not in reply:
            try:
                piece = connection.recv(4096)
            except ConnectionResetError:
                piece = b""  # how Squid terminates
            if not piece:
                return Seen(passes=False)
            reply += piece
        if b" 200 " not in reply.split(b"\r\n")[0]:
            return Seen(passes=False)
        return _plain(connection) if port == 3478 else _inside(connection, host, leaf)


def _plain(connection):
    connection.settimeout(_TIMEOUT)
    try:
        connection.sendall(_STUN)
        echoed = connection.recv(2048) == _STUN
    except OSError:
        echoed = False
    return Seen(echoed, echoed=echoed)


def _inside(connection, host, leaf):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with context.wrap_socket(connection, server_hostname=host) as tls:
            mine = ssl.PEM_cert_to_DER_cert(leaf.certificate.read_text())
            who = "origin" if tls.getpeercert(binary_form=True) == mine else "forged"
            tls.sendall(
                f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
            )
            status = tls.recv(4096).split(b"\r\n")[0]
    except OSError:
        return Seen(passes=False)
    denied = who == "forged" and b" 403 " in status
    return Seen(not denied, "none" if denied else who, b" 101 " in status)


def _one(folder, entry, leaf):
    """Ask one request after the other where asking all at once killed Squid."""
    config = folder / "squid.conf"
    config.write_text(entry["config"])
    with _running(config) as squid, ThreadPoolExecutor(8) as pool:
        try:
            found = list(pool.map(lambda request: _request(request, leaf), entry["requests"]))
        except ConnectionRefusedError:
            found = None
        if squid.poll() is None:
            return [asdict(each) for each in found]
    return [_alone(config, request, leaf) for request in entry["requests"]]


def _alone(config, request, leaf):
    with _running(config) as squid:
        found = _request(request, leaf)
        return asdict(found) if squid.poll() is None else None


@contextmanager
def _running(config):
    squid = _started(config) or _started(config)
    if squid is None:
        raise RuntimeError(f"Squid does not start: {config.read_text()}")
    try:
        yield squid
    finally:
        squid.kill()
        squid.wait()
        squid.stderr.close()


def _started(config):
    """Squid when it listens; None when it fell over without a word, as it does at times."""
    squid = subprocess.Popen(
        ["squid", "-N", "-f", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while squid.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", PROXY_PORT), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return squid
    with squid.stderr:
        said = squid.stderr.read().decode()
    if said:
        raise RuntimeError(said + config.read_text())
    return None


def main():
    """Answer one batch."""
    folder = Path(sys.argv[1])
    batch = json.load(sys.stdin)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    names = sorted({request["host"] for entry in batch for request in entry["requests"]})
    leaf = _certificates(folder, names)
    (folder / "hosts").write_text("".join(f"{ORIGIN} {name}\n" for name in names))
    subprocess.run([_HELPER, "-c", "-s", f"{folder}/store", "-M", "4MB"], check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, "proxy", "proxy")
    folder.chmod(0o755)
    _origin(leaf)
    json.dump([_one(folder, entry, leaf) for entry in batch], sys.stdout)


if __name__ == "__main__":
    main()

"""A headless Chromium in a network namespace without a way out, and what its PAC file does.

Everything that it can reach listens on the namespace's loopback: a server with the page and
the PAC file, proxies that note who was asked for, and the servers that a direct connection
ends at. The page asks for one URL after the other and reports when it is through, so nothing
waits for a time. The events of Chromium's net log hold what the file said by ``alert``.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from callgate.netns import End, Link, Topology
from callgate.netns.stepping import inside

HOME = "http://127.0.0.1:8000"
#: Ports of the loopback that behave as HTTP proxies, and as something that only listens.
PROXIES = (9001, 9002, 3128)
LISTENERS = (9003, 9004, 9005, 9006)
#: First byte of a connection -> who speaks.
GREETINGS = {b"\x04": "SOCKS4", b"\x05": "SOCKS5", b"\x16": "TLS"}
_FLAGS = (
    "--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-gpu",
    "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccess,HttpsUpgrades",
)  # fmt: skip
_PAGE = """<!doctype html><script>
(async () => {
  for (const url of %s) {
    try {
      if (url.startsWith('ws')) {
        await new Promise((done) => {
          const socket = new WebSocket(url);
          socket.onopen = socket.onerror = socket.onclose = done;
        });
      } else {
        await fetch(url, {mode: 'no-cors', cache: 'no-store'});
      }
    } catch (error) {}
  }
  await fetch('%s/done');
})();
</script>"""


@dataclass
class Seen:
    """Who was asked for which host, in order; and what the PAC file said."""

    asked: dict[str, list[str]] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note(self, host: str, who: str):
        self.asked.setdefault(host, []).append(who)


class _Site(BaseHTTPRequestHandler):
    """Answers everything; as a proxy it notes the host that it was asked for."""

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        world = self.server.world
        if self.server.label != "home":
            world.seen.note(self.headers.get("Host", ""), self.server.label)
        body, kind = world.served.get(self.path, (b"", "text/plain"))
        if self.server.label != "home":
            body, kind = b"", "text/plain"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/done":
            world.done.set()

    def do_CONNECT(self):
        self.server.world.seen.note(self.path.rpartition(":")[0], self.server.label)
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Browser:
    """One visit: a PAC file (or none), the URLs to ask for, and what came of it."""

    def __init__(
        self, urls, pac=None, *, kind="application/x-ns-proxy-autoconfig", flags=(),
        hosts="MAP *.test 127.0.0.2", zone="Etc/UTC", policies=None,
    ):  # fmt: skip
        self.seen, self.done = Seen(), threading.Event()
        page = (_PAGE % (json.dumps(list(urls)), HOME)).encode()
        self.served = {"/start": (page, "text/html"), "/done": (b"", "text/plain")}
        self._flags = [*_FLAGS, f"--host-resolver-rules={hosts}", *flags]
        if pac is not None:
            data = pac if isinstance(pac, bytes) else pac.encode("latin-1")
            self.served["/proxy.pac"] = (data, kind)
            self._flags.append(f"--proxy-pac-url={HOME}/proxy.pac")
        self._zone, self._policies = zone, policies

    def visit(self, within=60):
        """Run to the end of the page; AssertionError when it is not reached in time."""
        with ExitStack() as stack:
            topology = stack.enter_context(
                Topology([Link(End("browser", ("192.0.2.1/24",)), End("void", ("192.0.2.2/24",)))])
            )
            namespace = topology["browser"]
            self._serve(stack, namespace)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            log = folder / "net.json"
            process = self._start(namespace, folder, log)
            try:
                assert self.done.wait(within), "the page was not done in time"
            finally:
                # The browser alone: its network service must live to write the log out.
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            self._read(log)
        return self.seen

    def _start(self, namespace, folder, log):
        chromium = shutil.which("chromium")
        argv = [
            chromium, *self._flags, f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}", f"{HOME}/start",
        ]  # fmt: skip
        if self._policies is not None:
            argv = policed(folder, self._policies, argv)
        kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        with inside(namespace.path):
            return subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=kept | {"TZ": self._zone}, start_new_session=True,
            )  # fmt: skip

    def _serve(self, stack, namespace):
        sites = [("home", "127.0.0.1", 8000), ("direct", "127.0.0.2", 80)]
        sites += [(str(port), "127.0.0.1", port) for port in PROXIES]
        for label, address, port in sites:
            server = ThreadingHTTPServer((address, port), _Site, bind_and_activate=False)
            server.socket.close()
            server.socket = _listening(namespace, address, port)
            server.label, server.world, server.daemon_threads = label, self, True
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        for port in LISTENERS:
            listening = _listening(namespace, "127.0.0.1", port)
            thread = threading.Thread(target=self._greet, args=(listening, str(port)))
            thread.start()
            stack.callback(thread.join)
            stack.callback(listening.close)
            stack.callback(listening.shutdown, socket.SHUT_RDWR)

    def _greet(self, listening, label):
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                self.seen.note(label, GREETINGS.get(connection.recv(1), "?"))

    def _read(self, log):
        """The log has one event on each line; its end may be missing."""
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        head = next(line for line in lines if line.startswith('{"constants"'))
        kinds = json.loads(head.rstrip(",") + "}")["constants"]["logEventTypes"]
        wanted = {kinds["PAC_JAVASCRIPT_ALERT"]: self.seen.alerts,
                  kinds["PAC_JAVASCRIPT_ERROR"]: self.seen.errors}  # fmt: skip
        for line in lines:
            try:
                event = json.loads(line.rstrip().removesuffix("]}").rstrip(","))
            except ValueError:
                continue
            message = event.get("params", {}).get("message") if "type" in event else None
            # Each event stands there twice: for the request, and for the browser.
            found = wanted.get(event.get("type"))
            if found is not None and message and message not in found:
                found.append(message)


def _listening(namespace, address, port):
    listening = namespace.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((address, port))
    listening.listen(128)
    return listening


def policed(folder, policies, argv):
    """The command line with these managed policies, in a mount namespace of its own."""
    managed = folder / "policies"
    managed.mkdir()
    (managed / "callgate.json").write_text(policies, encoding="utf-8")
    hide = (
        "mount -t tmpfs tmpfs /etc/chromium && mkdir -p /etc/chromium/policies/managed && "
        'cp "$0"/*.json /etc/chromium/policies/managed/ && exec "$@"'
    )
    unshare = ["unshare", "--mount", "--propagation", "private"]
    return [*unshare, "sh", "-ec", hide, str(managed), *argv]

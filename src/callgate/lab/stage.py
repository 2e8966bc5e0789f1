"""The lab as it stands: the network with DNS, vendor, TURN server and proxy running in it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

from callgate.errors import ToolError
from callgate.lab import chromium, paths, squid, turnserver, world
from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_NAME, PROXY_PORT, Atlas
from callgate.lab.authority import Authority
from callgate.lab.cases import Case
from callgate.lab.programs import Program, await_ports, ours, seated
from callgate.netns import Namespace, conntrack
from callgate.netns.commands import find

#: What must be installed, and the Debian package that brings it.
TOOLS: Final = {
    "ip": "iproute2",
    "nft": "nftables",
    "conntrack": "conntrack",
    "turnserver": "coturn",
    "squid": "squid-openssl",
}


def missing_tools(*, browser: bool = False) -> list[str]:
    """The Debian packages that must be installed first."""
    needed = TOOLS | (chromium.TOOLS if browser else {})
    return sorted(package for tool, package in needed.items() if find(tool) is None)


class Stage:
    """A context manager; inside its body everything runs, outside it nothing is left."""

    def __init__(self, atlas: Atlas, *, browser: bool = False) -> None:
        self.atlas = atlas
        self._browser = browser
        self._topology = world.topology(atlas)
        self._stack = ExitStack()
        self._proxy: Program | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._topology)
            self.folder = self._topology.folder()
            self.authority = Authority(self.folder)
            self.resolver = self.folder / "resolv.conf"
            self.resolver.write_text(
                "".join(f"nameserver {each}\n" for each in self.atlas.resolver.both),
                encoding="ascii",
            )
            # The firewall is open until a case brings its rules.
            world.set_rules(self["firewall"], Rules(nft=""))
            self._start_servers(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop_proxy()
        self._stack.__exit__(kind, error, trace)

    def __getitem__(self, node: str) -> Namespace:
        return self._topology[node]

    def arrange(self, rules: Rules, case: Case, *, websockets: bool = True) -> None:
        """Load a case's rules and start its proxy; forget what went before.

        Without ``websockets`` the proxy takes them away where it opens TLS.
        """
        world.set_rules(self["firewall"], rules)
        conntrack.forget(self["firewall"])
        self._stop_proxy()
        if case.proxy is not None:
            self._start_proxy(case.proxy, case.tunnels, websockets=websockets)

    def media(self) -> dict[paths.Key, paths.Bytes]:
        """What the firewall has counted, by connection."""
        listings = (
            self["firewall"].run("conntrack", "-L", "-f", family) for family in ("ipv4", "ipv6")
        )
        return paths.read("".join(listings))

    def seat(self, argv: list[str], label: str) -> Program:
        """A program on the client's machine, with the lab's resolver."""
        return Program(self["client"], seated(self.resolver, argv), self._log(label))

    @contextmanager
    def single_stack(self, family: int) -> Iterator[None]:
        """Take the client's route away from it for the other IP version."""
        route = world.default_route(10 - family)
        self["client"].run("ip", "route", "delete", *route)
        try:
            yield
        finally:
            self["client"].run("ip", "route", "add", *route)

    @contextmanager
    def browser_profile(self) -> Iterator[dict[str, str]]:
        """A browser's ``home``, which trusts the lab's authority, and a fresh ``profile``."""
        home = self.folder / "browser"
        if not home.exists():
            chromium.prepare(home, self.authority.identity.certificate)
        with TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as profile:
            yield {"home": str(home), "profile": profile}

    def _start_servers(self, stack: ExitStack) -> None:
        """Start all, then wait for all."""
        atlas = self.atlas
        dns = self._start(stack, "isp", ours("nameserver"), "nameserver")
        dns.tell(
            {
                "listen": atlas.resolver.both,
                "hosts": {atlas.turn_name: atlas.turn.both, PROXY_NAME: atlas.proxy.both},
                "patterns": [str(each) for each in atlas.patterns],
                "below": atlas.vendor.both,
            }
        )
        identity = self.authority.issue("vendor", *(str(each) for each in atlas.patterns))
        vendor = self._start(stack, "vendor", ours("vendor"), "vendor")
        first, last = world.MEDIA_PORTS
        self["vendor"].sysctl({"ipv4.ip_local_port_range": f"{first} {last}"})
        vendor.tell(
            {
                "listen": atlas.vendor.both,
                "certificate": str(identity.certificate),
                "key": str(identity.key),
                "browser": self._browser,
            }
        )
        turn = self.authority.issue("turn", atlas.turn_name)
        command = turnserver.command(atlas.turn.both, turn, self.folder)
        server = self._start(stack, "turn", command, "turnserver")
        for program in (dns, vendor):
            program.hear()
        ports = (turnserver.TURN_PORT, turnserver.TLS_PORT)
        await_ports(server, self["turn"], atlas.turn.both, ports)

    def _start(self, stack: ExitStack, node: str, argv: list[str], label: str) -> Program:
        program = Program(self[node], argv, self._log(label))
        stack.callback(program.end)
        return program

    def _start_proxy(self, mode: squid.Mode, tunnels: tuple[str, ...], *, websockets: bool) -> None:
        node = self["proxy"]
        folder = self.folder / f"squid-{mode.name.lower()}"
        if not folder.exists():
            folder.mkdir()
            if mode is not squid.Mode.PLAIN:
                node.run(*squid.prepare(folder))
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, squid.USER)
        setup = squid.Setup(
            mode,
            tunnels,
            PROXY_PORT,
            self.atlas.resolver.both,
            self.atlas.turn_name,
            folder,
            self.authority.identity,
            websockets,
        )
        configured = folder / "squid.conf"
        configured.write_text(squid.configuration(setup), encoding="ascii")
        argv = seated(self.resolver, squid.command(configured))
        self._proxy = Program(node, argv, self._log("squid"))
        await_ports(self._proxy, node, self.atlas.proxy.both, [PROXY_PORT])

    def _stop_proxy(self) -> None:
        if self._proxy is not None:
            self._proxy.end()
            self._proxy = None

    def _log(self, label: str) -> Path:
        return self.folder / f"{label}.log"


def require_packages(*, browser: bool = False) -> None:
    """ToolError with what to install when a program of the lab is missing."""
    missing = missing_tools(browser=browser)
    if missing:
        raise ToolError(
            f"the lab needs programs that are not installed: {', '.join(missing)}",
            hint=f"on Debian: apt install {' '.join(missing)}",
        )

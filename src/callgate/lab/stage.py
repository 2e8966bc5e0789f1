"""The lab as it stands: the network with DNS, vendor, TURN server and proxy running in it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

from callgate.errors import ToolError, UsageError
from callgate.lab import chromium, forward, paths, squid, world
from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT, Atlas
from callgate.lab.authority import Authority
from callgate.lab.breakage import Breakage
from callgate.lab.cases import Case
from callgate.lab.faults import Combination, Fault
from callgate.lab.programs import Program, seated
from callgate.lab.servers import Servers, Site
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
#: A network with nothing wrong in it, for which the truths of faults are told.
HEALTHY: Final = Case(
    "healthy", "all open, proxy set", squid.Mode.PLAIN, "udp-direct", ("443", "3478")
)


def missing_tools(*, browser: bool = False) -> list[str]:
    """The Debian packages that must be installed first."""
    needed = TOOLS | (chromium.TOOLS if browser else {})
    return sorted(package for tool, package in needed.items() if find(tool) is None)


class Stage:
    """A context manager; inside its body everything runs, outside it nothing is left.

    ``authority`` signs for the vendor, ``inspection`` for boxes that open TLS on the site's
    behalf; ``trusted`` is the file of both, which clients trust.
    """

    def __init__(self, atlas: Atlas, *, browser: bool = False) -> None:
        self.atlas = atlas
        self._browser = browser
        self._topology = world.topology(atlas)
        self._stack = ExitStack()
        self._proxy: Program | None = None
        self._seated: Program | None = None
        self._interrupted = False
        self._case: Case | None = None
        self._websockets = True
        self._breakage = Breakage()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._topology)
            self.folder = self._topology.folder()
            self.authority = Authority(self.folder)
            self.inspection = Authority(self.folder, "Callgate inspection CA", "inspection")
            self.trusted = self.folder / "trusted.pem"
            self.trusted.write_bytes(
                b"".join(
                    each.identity.certificate.read_bytes()
                    for each in (self.authority, self.inspection)
                )
            )
            self.resolver = self.folder / "resolv.conf"
            self.resolver.write_text(
                "".join(f"nameserver {each}\n" for each in self.atlas.resolver.both),
                encoding="ascii",
            )
            # The firewall is open until a case brings its rules.
            world.set_rules(self["firewall"], Rules(nft=""))
            nodes = {node: self[node] for node in self._topology.nodes}
            for each in nodes.values():
                # A kernel that spares errors makes a reject look like a drop.
                each.sysctl({"ipv4.icmp_ratelimit": "0", "ipv6.icmp.ratelimit": "0"})
            self.servers = Servers(
                Site(nodes, self.atlas, self.authority, self.folder), browser=self._browser
            )
            stack.callback(self.servers.end)
            self.servers.start()
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

        Without ``websockets`` the proxy takes them away where it opens TLS. Faults stay.
        """
        world.set_rules(self["firewall"], rules)
        self._breakage.load(self["firewall"], "firewall")
        conntrack.forget(self["firewall"])
        self._case, self._websockets = case, websockets
        self.restart_proxy()

    @contextmanager
    def broken(self, *faults: Fault) -> Iterator[Combination]:
        """Break the network in these ways for the length of a ``with`` body.

        Gives the truth about every path. UsageError when the faults exclude each other, or
        when the network is broken already.
        """
        combination = Combination(faults)
        if combination.clash is not None:
            raise UsageError(f"these faults do not combine: both change {combination.clash}")
        if self._breakage.faults:
            raise UsageError("the network is broken already", hint="name all faults at once")
        breakage = Breakage(faults)
        try:
            self._breakage = breakage
            with breakage.carried_out(self):
                self._forget()
                yield combination
        finally:
            self._breakage = Breakage()
            if breakage.touches_proxy:
                # Squid remembers names, and addresses that did not answer.
                self.restart_proxy()
            self._forget()

    def _forget(self) -> None:
        """Let a fault's rules meet connections anew: where they filter and where they redirect."""
        for node in ("firewall", "isp"):
            conntrack.forget(self[node])

    def media(self) -> dict[paths.Key, paths.Bytes]:
        """What the firewall has counted, by connection."""
        listings = (
            self["firewall"].run("conntrack", "-L", "-f", family) for family in ("ipv4", "ipv6")
        )
        return paths.read("".join(listings))

    def seat(self, argv: list[str], label: str) -> Program:
        """A program on the client's machine, with the lab's resolver."""
        self._seated = Program(self["client"], seated(self.resolver, argv), self.log(label))
        if self._interrupted:
            self._seated.kill()
        return self._seated

    def interrupt(self) -> None:
        """From another thread: make a call that is under way, or any after it, fail."""
        self._interrupted = True
        if self._seated is not None:
            self._seated.kill()

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
        """A browser's ``home``, which trusts what clients trust, and a fresh ``profile``."""
        home = self.folder / "browser"
        if not home.exists():
            authorities = (self.authority, self.inspection)
            chromium.prepare(home, [each.identity.certificate for each in authorities])
        with TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as profile:
            yield {"home": str(home), "profile": profile}

    def restart_proxy(self) -> None:
        """Start the proxy again as the case and the faults want it, if the case has one."""
        self._stop_proxy()
        if self._case is None or self._case.proxy is None:
            return
        change = self._breakage.proxy
        mode = change.mode or self._case.proxy
        folder = self.folder / f"squid-{mode.name.lower()}"
        for name, text in change.programs:
            forward.add_script(folder, name, text)
        setup = squid.Setup(
            mode,
            change.tunnels or self._case.tunnels,
            PROXY_PORT,
            self.atlas.resolver.both,
            self.atlas.turn_name,
            folder,
            self.inspection.identity,
            self.trusted,
            self._websockets and change.websockets,
            self._breakage.filled(change.directives, self.atlas, folder),
        )
        self._proxy = forward.start(
            self["proxy"], setup, self.resolver, self.log("squid"), self.atlas.proxy.both
        )
        if self._breakage.frozen:
            self._proxy.freeze()

    def _stop_proxy(self) -> None:
        if self._proxy is not None:
            self._proxy.end()
            self._proxy = None

    def log(self, label: str) -> Path:
        """Where a program's complaints go."""
        return self.folder / f"{label}.log"


def require_packages(*, browser: bool = False) -> None:
    """ToolError with what to install when a program of the lab is missing."""
    missing = missing_tools(browser=browser)
    if missing:
        raise ToolError(
            f"the lab needs programs that are not installed: {', '.join(missing)}",
            hint=f"on Debian: apt install {' '.join(missing)}",
        )

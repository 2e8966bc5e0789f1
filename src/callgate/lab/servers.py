"""The servers outside the site: DNS, the vendor's signalling and media, TURN.

All are started at once. A fault may have one of them start again with another certificate,
or tell the resolver to misbehave; nothing else is restarted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from callgate.lab import turnserver, world
from callgate.lab.atlas import PROXY_NAME, Atlas
from callgate.lab.authority import Authority
from callgate.lab.faults.changes import Names, Web
from callgate.lab.identity import Identity
from callgate.lab.programs import Program, await_ports, ours
from callgate.netns import Namespace

_PORTS: Final = (turnserver.TURN_PORT, turnserver.TLS_PORT)


@dataclass(frozen=True, slots=True)
class Site:
    """Where servers live: their namespaces, who they are, and a folder for their files."""

    nodes: Mapping[str, Namespace]
    atlas: Atlas
    authority: Authority
    folder: Path


class Servers:
    """The running servers; the vendor's answers browsers, too, if told so."""

    def __init__(self, site: Site, *, browser: bool = False) -> None:
        self._site = site
        self._browser = browser
        self._running: dict[str, Program] = {}
        names = (str(each) for each in site.atlas.patterns)
        self.identities = {
            "vendor": site.authority.issue("vendor", *names),
            "turn": site.authority.issue("turn", site.atlas.turn_name),
        }

    def start(self) -> None:
        """Start all, then wait for all."""
        first, last = world.MEDIA_PORTS
        self._site.nodes["vendor"].sysctl({"ipv4.ip_local_port_range": f"{first} {last}"})
        names = self._start_names()
        vendor = self._start_vendor(self.identities["vendor"], Web())
        turn = self._start_turn(self.identities["turn"])
        names.hear()
        vendor.hear()
        self._await_turn(turn)

    def end(self) -> None:
        """End all of them."""
        for program in self._running.values():
            program.end()

    def mislead(self, names: Names | None) -> None:
        """Have the resolver misbehave at its second port, or behave again."""
        self._running["nameserver"].tell(
            {"trouble": names and names.trouble.value, "name": names and names.name}
        )
        self._running["nameserver"].hear()

    def replace_vendor(self, identity: Identity, web: Web) -> None:
        """Start the vendor's web server again."""
        self._start_vendor(identity, web).hear()

    def replace_turn(self, identity: Identity) -> None:
        """Start the TURN server again."""
        self._await_turn(self._start_turn(identity))

    def _start_names(self) -> Program:
        atlas = self._site.atlas
        return self._start(
            "isp",
            "nameserver",
            ours("nameserver"),
            {
                "listen": atlas.resolver.both,
                "hosts": {atlas.turn_name: atlas.turn.both, PROXY_NAME: atlas.proxy.both},
                "patterns": [str(each) for each in atlas.patterns],
                "below": atlas.vendor.both,
            },
        )

    def _start_vendor(self, identity: Identity, web: Web) -> Program:
        settings = {
            "listen": self._site.atlas.vendor.both,
            "certificate": str(identity.certificate),
            "key": str(identity.key),
            "browser": self._browser,
            "status": web.status,
            "ahead": web.ahead,
        }
        return self._start("vendor", "vendor", ours("vendor"), settings)

    def _start_turn(self, identity: Identity) -> Program:
        site = self._site
        command = turnserver.command(site.atlas.turn.both, identity, site.folder)
        return self._start("turn", "turnserver", command, talks=False)

    def _await_turn(self, program: Program) -> None:
        await_ports(program, self._site.nodes["turn"], self._site.atlas.turn.both, _PORTS)

    def _start(
        self,
        node: str,
        label: str,
        argv: list[str],
        settings: object = None,
        *,
        talks: bool = True,
    ) -> Program:
        if label in self._running:
            self._running.pop(label).end()
        log = self._site.folder / f"{label}.log"
        program = Program(self._site.nodes[node], argv, log, talks=talks)
        self._running[label] = program
        if settings is not None:
            program.tell(settings)
        return program

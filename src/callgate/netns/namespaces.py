"""One network namespace: run programs, make sockets and load rules in it."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from callgate.netns import commands
from callgate.netns.stepping import inside

#: Where iproute2 keeps the namespaces that have a name.
NAMED: Final = Path("/run/netns")


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace by its name; whoever made it deletes it."""

    name: str

    @property
    def path(self) -> Path:
        """The file that stands for the namespace."""
        return NAMED / self.name

    def run(self, tool: str, *arguments: str, stdin: str = "") -> str:
        """Run a program inside, as :func:`callgate.netns.commands.run` does."""
        with inside(self.path):
            return commands.run(tool, *arguments, stdin=stdin)

    def socket(self, family: int, kind: int, protocol: int = 0) -> socket.socket:
        """A new socket that belongs to this namespace."""
        with inside(self.path):
            return socket.socket(family, kind, protocol)

    def sysctl(self, values: dict[str, str]) -> None:
        """Set kernel parameters of this namespace, by their names below ``net.``."""
        with inside(self.path):
            for name, value in values.items():
                Path("/proc/sys/net", *name.split(".")).write_text(value, encoding="ascii")

    def parameter(self, name: str) -> str:
        """The value of a kernel parameter of this namespace, by its name below ``net.``."""
        with inside(self.path):
            return Path("/proc/sys/net", *name.split(".")).read_text(encoding="ascii").strip()

    def load_nft(self, text: str) -> None:
        """Load a ruleset in nftables' language, as one transaction."""
        self.run("nft", "-f", "-", stdin=text)

    def load_iptables(self, v4: str | None, v6: str | None) -> None:
        """Load restore files of the iptables family; None leaves a family alone."""
        if v4 is not None:
            self.run("iptables-restore", stdin=v4)
        if v6 is not None:
            self.run("ip6tables-restore", stdin=v6)

    def nft_list(self, *what: str) -> list[dict[str, Any]]:
        """``nft -j list …``: the objects that nft prints, without its header."""
        text = self.run("nft", "-j", "list", *what)
        items: list[dict[str, Any]] = json.loads(text)["nftables"]
        return [item for item in items if "metainfo" not in item]

"""Get a Squid going: its folder, its store of forged certificates, the program."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from callgate.lab import squid
from callgate.lab.programs import Program, await_ports, seated
from callgate.netns import Namespace
from callgate.netns.rights import confined


def start(
    node: Namespace, setup: squid.Setup, resolver: Path, log: Path, addresses: Iterable[str]
) -> Program:
    """Start a Squid and wait until it accepts connections at these addresses.

    It opens all its ports in one go. The intercepting one is not tried: Squid 5.7 was seen to
    answer nobody after a connection whose original destination it did not find.
    """
    _prepare(node, setup)
    configured = setup.folder / "squid.conf"
    configured.write_text(squid.configuration(setup), encoding="ascii")
    # As root Squid becomes another user by itself, and refuses to run if it cannot.
    user = squid.USER if confined() else "root"
    program = Program(node, seated(resolver, squid.command(configured), user), log, talks=False)
    await_ports(program, node, addresses, [setup.port])
    return program


def add_script(folder: Path, name: str, text: str) -> None:
    """Put a helper program of Squid's into its folder."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="ascii")
    path.chmod(0o755)


def _prepare(node: Namespace, setup: squid.Setup) -> None:
    folder = setup.folder
    folder.mkdir(exist_ok=True)
    if setup.mode is not squid.Mode.PLAIN and not (folder / "certificates").exists():
        node.run(*squid.prepare(folder))
    if confined():
        return  # there is nobody else to give it to
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, squid.USER)

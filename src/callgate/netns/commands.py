"""The only place that starts programs. Arguments are lists, never shell text."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import callgate
from callgate.errors import ToolError

#: Seconds after which a tool that configures something counts as hung.
PATIENCE: Final = 60.0
#: Where administrators' tools live; a user's PATH often lacks it.
_SYSTEM_PATH: Final = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


def find(tool: str) -> str | None:
    """The path of a program, looked for where administrators' tools live too."""
    return shutil.which(tool) or shutil.which(tool, path=_SYSTEM_PATH)


def run(tool: str, *arguments: str, stdin: str = "") -> str:
    """Run a program to its end and return what it wrote to stdout.

    Raises ToolError when the program is missing, takes longer than :data:`PATIENCE`, or
    fails; then with the first line that it wrote to stderr.
    """
    path = find(tool)
    if path is None:
        raise ToolError(f"the program {tool!r} is not installed", hint=_package(tool))
    try:
        done = subprocess.run(  # noqa: S603 - a list, found by name, no shell
            [path, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            text=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"{tool} did not end within {PATIENCE:.0f} s") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise ToolError(f"{tool} {' '.join(arguments)} failed: {' / '.join(said[:3])}")
    return done.stdout


def start_module(name: str, *arguments: str, talk: socket.socket) -> subprocess.Popen[bytes]:
    """Start one of our own modules as a program that talks through its standard input.

    A Ctrl-C in the terminal does not reach it: whoever started it ends it.
    """
    # -P: not the current folder's modules, whoever wrote them.
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-P", "-m", name, *arguments],
        stdin=talk.fileno(),
        env={**os.environ, "PYTHONPATH": str(Path(callgate.__file__).parents[1])},
        start_new_session=True,
    )


def _package(tool: str) -> str:
    packages = {"ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "mount": "mount"}
    name = packages.get(tool, "iptables" if tool.startswith(("iptables", "ip6tables")) else tool)
    return f"on Debian: apt install {name}"

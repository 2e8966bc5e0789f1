"""Chromium as the real client: its command line and the home that it lives in.

It runs in the client's namespace and nowhere else, with a fresh profile for each call, and
trusts the lab's authorities by a certificate store of its own.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from callgate.errors import ToolError
from callgate.netns import commands

#: What must be installed besides the rest, and the Debian package that brings it.
TOOLS: Final = {"chromium": "chromium", "certutil": "libnss3-tools"}
#: The program itself; Debian's ``chromium`` is a shell script that reads the user's flags.
_PROGRAM: Final = Path("/usr/lib/chromium/chromium")
#: Where Chromium looks for certificates below its home.
_STORE: Final = ".pki/nssdb"


def prepare(home: Path, authorities: Iterable[Path]) -> None:
    """Make a home whose certificate store trusts these authorities (PEM files)."""
    store = home / _STORE
    store.mkdir(parents=True)
    database = f"sql:{store}"
    commands.run("certutil", "-d", database, "-N", "--empty-password")
    for each in authorities:
        named = ("-n", each.stem, "-t", "C,,", "-i", str(each))
        commands.run("certutil", "-d", database, "-A", *named)


def program() -> str:
    """The path of the browser."""
    path = str(_PROGRAM) if _PROGRAM.exists() else commands.find("chromium")
    if path is None:
        raise ToolError("the program 'chromium' is not installed")
    return path


def command(profile: Path, proxy: str | None) -> list[str]:
    """The command line of a browser that waits for DevTools on the loopback."""
    return [
        program(),
        "--headless",
        # The lab's client is root, and nobody else's page is ever loaded.
        "--no-sandbox",
        f"--user-data-dir={profile}",
        "--remote-debugging-port=0",
        # An audio track starts without anybody having clicked.
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-gpu",
        "--disable-sync",
        "--mute-audio",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-proxy-server" if proxy is None else f"--proxy-server={proxy}",
    ]

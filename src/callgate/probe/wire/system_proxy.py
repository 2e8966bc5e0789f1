"""The proxy that this machine is set to use: environment, macOS, Windows, GNOME."""

import shutil
import subprocess
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from callgate.policy.site import Proxy

_GSETTINGS: Final = "gsettings"
_SCHEMA: Final = "org.gnome.system.proxy"
_SECONDS: Final = 1.0
_DEFAULT_PORT: Final = 3128


def system_proxy(host: str) -> Proxy | None:
    """The proxy for HTTPS to a host; None where it is reached directly.

    ValueError for a setting that names no HTTP proxy (SOCKS, a malformed address).
    """
    configured = getproxies()
    text = configured.get("https") or configured.get("all")
    if text:
        return None if proxy_bypass(host) else read_proxy(text)
    return _gnome(host, _gsettings)


def read_proxy(text: str) -> Proxy:
    """Read ``http://host:port`` or ``host:port``; credentials in it are left out."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    if parts.scheme not in {"", "http"}:
        raise ValueError(f"a proxy that is not spoken to by HTTP: {parts.scheme}://…")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise ValueError("a proxy setting without a host")
    return Proxy(host, port or (80 if parts.scheme else _DEFAULT_PORT))


def _gnome(host: str, read: Callable[[str, str], str]) -> Proxy | None:
    if read(_SCHEMA, "mode") != "manual":
        return None
    server, port = read(f"{_SCHEMA}.https", "host"), read(f"{_SCHEMA}.https", "port")
    ignored = (each.strip(" '\"") for each in read(_SCHEMA, "ignore-hosts").strip("[]").split(","))
    if not server or not port.isdigit() or port == "0" or host in set(ignored):
        return None
    return Proxy(server, int(port))


def _gsettings(schema: str, key: str) -> str:
    """One setting as text without quotes; empty where there is no GNOME."""
    program = shutil.which(_GSETTINGS)
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a list, found by name, no shell
            [program, "get", schema, key],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().strip("'\"") if done.returncode == 0 else ""

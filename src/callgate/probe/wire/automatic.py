"""The proxy that a PAC file names, from a file or an address; the file runs in a sandbox."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from callgate.errors import InputError, Mistake, UsageError
from callgate.pac.directives import DIRECT, read
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, World, require_engine
from callgate.pac.sandbox import run as run_pac
from callgate.pac.source import decode
from callgate.places import Place
from callgate.policy.site import Proxy

_SECONDS: Final = 5.0
#: No reader takes more (bytes).
_LONGEST: Final = 1 << 20
#: Most clients go on Chromium's way.
_READER: Final = READERS["chrome"]


class Automatic:
    """A PAC file that was read; :meth:`proxy` asks it about a host."""

    def __init__(self, name: str) -> None:
        require_engine()
        self._name = name
        self._text = decode(_fetch(name), name, _READER).text

    def proxy(self, host: str) -> Proxy | None:
        """The first alternative for HTTPS to a host; None for DIRECT.

        UsageError when the file fails, hangs on what only a browser knows, or names
        something that is no HTTP proxy: a guess would be worse than none.
        """
        url = f"https://[{host}]/" if ":" in host else f"https://{host}/"
        world = World({}, _own_addresses(), datetime.now(UTC), clock_given=True)
        done = run_pac(self._text, [_READER.shown(url)], Client(_READER, world))
        answer = done.answers[0] if done.answers else done.loaded
        if answer.kind != "string":
            raise self._error(host, answer.error or f"it returns {answer.kind}")
        if answer.missing:
            raise self._error(host, f"its answer hangs on {', '.join(answer.missing)}")
        found = read(answer.value, _READER)
        if found.rejected:
            raise self._error(host, f"{found.rejected[0][0]!r}: {found.rejected[0][1]}")
        way = found.ways[0]
        if way.kind == DIRECT:
            return None
        if way.kind != "PROXY":
            raise self._error(host, f"{way}: only PROXY can be probed")
        return Proxy(way.host.strip("[]"), way.port)

    def _error(self, host: str, why: str) -> UsageError:
        return UsageError(
            f"{self._name} does not tell the proxy for {host}: {why}",
            hint="name it with --proxy HOST:PORT; `callgate pac explain` shows what the file does",
        )


def _fetch(name: str) -> bytes:
    """A file, or what is at an http or https address (without any proxy)."""
    place = Place(name)
    try:
        if urlsplit(name).scheme in {"http", "https"}:
            opener = build_opener(ProxyHandler({}))
            with opener.open(name, timeout=_SECONDS) as answer:
                data: bytes = answer.read(_LONGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Mistake(place, f"cannot read: {reason}")]) from None
    if len(data) > _LONGEST:
        raise InputError([Mistake(place, "longer than 1 MiB: no client reads it")])
    return data


def _own_addresses() -> tuple[str, ...]:
    """This machine's address towards the Internet; asking for it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # RFC 5737: nobody's address
        except OSError:
            return ()
        return (str(asked.getsockname()[0]),)

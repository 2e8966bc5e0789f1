"""Who reads PAC files, and where these readers differ.

==========  =============================  ==========================  ==================
reader      what it shows of a URL         functions                   undeclared encoding
==========  =============================  ==========================  ==================
chrome      https, wss: origin only        with the Ex functions       ISO-8859-1
firefox     https, wss: origin only        without                     UTF-8, else 8859-1
winhttp     the whole URL                  with; prefers the Ex entry  ISO-8859-1
==========  =============================  ==========================  ==================

Chrome's column was seen in a running Chromium (156), Firefox's is from MDN ("Proxy
Auto-Configuration (PAC) file") and the preference
``network.proxy.autoconfig_url.include_path``, WinHTTP's from Microsoft ("IPv6 Extensions to
Navigator Auto-Config File Format"). Firefox and WinHTTP have not been run here.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from callgate.dialects.pac.dialect import SIZE_LIMIT
from callgate.errors import UsageError


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of client that runs PAC files.

    ``size_limit`` is in bytes, None where nobody documents one. ``observed`` tells whether
    the kind was run beside this model.
    """

    name: str
    title: str
    extended: bool
    prefers_extended: bool
    hides_path: bool
    encodings: tuple[str, ...]
    size_limit: int | None
    observed: bool

    def shown(self, url: str) -> tuple[str, str]:
        """The two arguments of ``FindProxyForURL`` for a URL; UsageError when it is none."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"not a URL: {url!r}: {error}") from None
        if not parts.scheme or not host:
            raise UsageError(f"not a URL: {url!r}", hint="for example https://meet.goto.com/")
        name = _ascii(host)
        authority = f"[{name}]" if ":" in name else name
        if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
            authority += f":{port}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if self.hides_path and parts.scheme in ("https", "wss"):
            path = "/"
        return f"{parts.scheme}://{authority}{path}", name


_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

READERS: Final = {
    "chrome": Reader(
        "chrome", "Chrome, Edge", True, False, True, ("iso-8859-1",), SIZE_LIMIT, observed=True
    ),
    "firefox": Reader(
        "firefox", "Firefox", False, False, True, ("utf-8", "iso-8859-1"), None, observed=False
    ),
    "winhttp": Reader(
        "winhttp", "WinHTTP", True, True, False, ("iso-8859-1",), None, observed=False
    ),
}  # fmt: skip


def _ascii(host: str) -> str:
    """A host as a browser hands it on: lower case, A-labels; UsageError when it is none."""
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise UsageError(f"not a host name: {host!r}: {error}") from None

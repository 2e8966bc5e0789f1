"""Squid: ``acl … dstdomain`` and ``acl … ssl::server_name``.

Both compare by the same rule (``matchDomainName`` in src/anyp/Uri.cc): a leading dot means
the domain and everything below it. A list that holds a name twice, once by itself and
once within a dotted entry, stops Squid: use :meth:`Matcher.entries` for whole lists.
"""

from typing import ClassVar

from callgate.names.hosts import host_name
from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, nothing
from callgate.names.patterns import DomainPattern

_ACL = "http://www.squid-cache.org/Doc/config/acl/"


class SquidDstdomain(Matcher):
    """The host of a request or of CONNECT."""

    traits: ClassVar[Traits] = Traits(
        id="squid-dstdomain",
        title="Squid dstdomain",
        apex="yes",
        depth="any",
        case="ignored",
        trailing_dot="entry: matches nothing; host: dropped",
        slash="no slash; matches nothing",
        grammar="NAME is itself, .NAME is itself and below",
        source=_ACL,
        confirmed=Confirmed.MEASURED,
        note="*.NAME parses and matches nothing; goto.com beside .goto.com stops Squid; "
        "without -n a CONNECT by address is looked up backwards",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``.goto.com`` for ``*.goto.com``: there is no form without the apex."""
        return (f".{pattern.base}" if pattern.below else pattern.base,)

    def read(self, entry: str) -> Reading:
        """A name, with or without a leading dot; what Squid compares in vain is NOTHING."""
        if "*" in entry:
            return nothing("Squid reads * as a letter, and no host has one")
        if entry.endswith("."):
            return nothing("Squid drops the host's trailing dot and keeps the entry's")
        if not entry.isascii():
            return nothing("hosts travel in ASCII: write the name as A-labels (xn--…)")
        if "/" in entry or ":" in entry:
            return nothing("Squid compares host names only, without a port or a path")
        if entry.startswith("."):
            return named(entry[1:], 0, None)
        return named(entry)

    def host(self, host: str) -> str | None:
        """Squid drops every trailing dot (``AnyP::Uri::parse``)."""
        return host_name(host.rstrip("."))


class SquidServerName(SquidDstdomain):
    """The server's name in TLS: CONNECT, then SNI, then the certificate."""

    traits: ClassVar[Traits] = Traits(
        id="squid-server-name",
        title="Squid ssl::server_name",
        apex="yes",
        depth="any",
        case="ignored",
        trailing_dot="entry: matches nothing; host: dropped",
        slash="no slash; matches nothing",
        grammar="NAME is itself, .NAME is itself and below; none where no name is known",
        source=_ACL,
        confirmed=Confirmed.MEASURED,
        note="in the first step of a CONNECT by address it only sees the address: peek first",
    )

    def read(self, entry: str) -> Reading:
        """As ``dstdomain``; ``none`` is about connections without a name."""
        if entry == "none":
            return nothing("none stands for connections whose server has no name")
        return super().read(entry)

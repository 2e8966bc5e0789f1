"""The variable ``NO_PROXY``, as curl and as Python's requests read it.

There is no standard; both are read from one variable, so the same entry is written for
both: with a leading dot, which neither can take for the end of a longer name.
"""

from typing import ClassVar

from callgate.names.hosts import host_name, is_network
from callgate.names.matchers.model import (
    Confirmed,
    Matcher,
    Reading,
    Traits,
    named,
    nothing,
    unmodelled,
)
from callgate.names.patterns import DomainPattern


class CurlNoProxy(Matcher):
    """libcurl 7.86 and later (lib/noproxy.c)."""

    traits: ClassVar[Traits] = Traits(
        id="curl-no-proxy",
        title="curl NO_PROXY",
        apex="yes, also for a single name",
        depth="any",
        case="ignored",
        trailing_dot="dropped from both",
        slash="CIDR only",
        grammar="NAME and .NAME alike are the name and below; * alone is every host",
        source="https://curl.se/docs/manpage.html#--noproxy",
        confirmed=Confirmed.MEASURED,
        note="*.NAME matches nothing; curl before 7.86 differs in dots and CIDR",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``.NAME``, for a single name too: the text alone is no narrower."""
        return (f".{pattern.base}",)

    def read(self, entry: str) -> Reading:
        """The name and everything below it, however it is written."""
        if entry == "*":
            return unmodelled("* alone is every host: no proxy at all")
        if "*" in entry:
            return nothing("curl knows no wildcard within an entry")
        if is_network(entry):
            return unmodelled("an address or a network, not a name")
        if ":" in entry:
            return nothing("curl compares without the port, and a name has no colon")
        if not entry.isascii():
            return nothing("hosts are compared as A-labels (xn--…)")
        return named(entry.removeprefix("."), 0, None)


class RequestsNoProxy(CurlNoProxy):
    """Python requests 2.34 over urllib (``requests.utils.should_bypass_proxies``)."""

    traits: ClassVar[Traits] = Traits(
        id="requests-no-proxy",
        title="Python requests NO_PROXY",
        apex="yes, also for a single name",
        depth="any",
        case="ignored",
        trailing_dot="kept: a host with one does not match, an entry with one only such hosts",
        slash="CIDR, IPv4 only",
        grammar="NAME and .NAME alike are the name and below; * alone is every host",
        source="https://requests.readthedocs.io/en/latest/user/advanced/#proxies",
        confirmed=Confirmed.MEASURED,
        note="*.NAME matches nothing; older releases take NAME for the end of any host, "
        "so that goto.com is in evil-goto.com: keep the leading dot",
    )

    def read(self, entry: str) -> Reading:
        """As curl, apart from trailing dots and ports."""
        if entry.endswith("."):
            return nothing("requests keeps the dot, and clients rarely send one")
        if ":" in entry and not is_network(entry):
            return unmodelled("requests may compare the port too")
        return super().read(entry.removeprefix("."))

    def host(self, host: str) -> str | None:
        """A host with a trailing dot is another one."""
        return None if host.endswith(".") else host_name(host)

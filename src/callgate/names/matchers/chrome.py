"""Chrome's proxy bypass list (policy ``ProxyBypassList``, ``--proxy-bypass-list``)."""

from typing import ClassVar

from callgate.names.hosts import host_name, is_network
from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, unmodelled
from callgate.names.patterns import DomainPattern


class ChromeBypass(Matcher):
    """``SchemeHostPortMatcher`` in net/base: a leading dot stands for ``*.``, ``*`` globs."""

    traits: ClassVar[Traits] = Traits(
        id="chrome-bypass",
        title="Chrome proxy bypass list",
        apex="no",
        depth="any",
        case="ignored",
        trailing_dot="kept: a host with one does not match an entry without",
        slash="CIDR only",
        grammar="[SCHEME://]NAME[:PORT]; .NAME and *.NAME are below; * anywhere in NAME",
        source="https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md",
        confirmed=Confirmed.DOCUMENTED,
        note="*goto.com takes evil-goto.com along",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``*.goto.com``; a single name stands for itself."""
        return (str(pattern),)

    def read(self, entry: str) -> Reading:
        """A name, or all below one; schemes, ports and inner wildcards are not modelled."""
        if "://" in entry or ":" in entry:
            return unmodelled("an entry for one scheme or port only, or an address")
        if is_network(entry):
            return unmodelled("an address or a network, not a name")
        rest = entry.removeprefix("*") if entry.startswith("*.") else entry
        if "*" in rest or rest.startswith("<"):
            return unmodelled("a wildcard within a name, or a special rule")
        return named(rest[1:], 1, None) if rest.startswith(".") else named(rest)

    def host(self, host: str) -> str | None:
        """A host with a trailing dot is another one (GURL keeps it)."""
        return None if host.endswith(".") else host_name(host)

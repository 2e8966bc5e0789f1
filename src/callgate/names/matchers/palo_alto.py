"""PAN-OS: URL lists, external dynamic lists of domains, and the decryption exclusions.

Three lists with three grammars: in the first two a ``*`` is one or more labels, in the
exclusions it is exactly one.
"""

from typing import ClassVar, Final

from callgate.names.matchers.model import (
    Confirmed,
    Matcher,
    Reading,
    Traits,
    named,
    rejected,
    unmodelled,
)
from callgate.names.patterns import DomainPattern

#: Labels below a name that we spell out in the decryption exclusions.
EXCLUSION_DEPTH: Final = 6
_ENDLESS: Final = (
    "without a slash at the end, PAN-OS up to 10.1 also takes names that go on: {0}.evil.com"
)


class PanUrl(Matcher):
    """Custom URL category, or external dynamic list of type URL."""

    traits: ClassVar[Traits] = Traits(
        id="pan-url",
        title="PAN-OS URL list",
        apex="no",
        depth="any",
        case="ignored",
        trailing_dot="unconfirmed, taken as dropped",
        slash="ends the name: without one, PAN-OS up to 10.1 also takes goto.com.evil.com",
        grammar="NAME/ is itself, *.NAME/ is below; * one or more tokens, ^ exactly one",
        source="https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-admin/url-filtering/"
        "url-category-exceptions",
        confirmed=Confirmed.DOCUMENTED,
        note="the apex needs an entry of its own",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``*.goto.com/`` for ``*.goto.com``."""
        return (f"{pattern}/",)

    def read(self, entry: str) -> Reading:
        """A name, or all below one, up to its first slash."""
        if "://" in entry:
            return rejected("entries have no scheme")
        host, slash, path = entry.partition("/")
        if path:
            return unmodelled("an entry for some paths of a host only")
        read = _wildcard(host)
        if read.extents and not slash:
            return Reading(read.extents, reason=_ENDLESS.format(host.removeprefix("*.")))
        return read


class PanDomain(Matcher):
    """External dynamic list of type domain."""

    traits: ClassVar[Traits] = Traits(
        id="pan-domain",
        title="PAN-OS domain list (EDL)",
        apex="no",
        depth="any",
        case="unconfirmed, taken as ignored",
        trailing_dot="unconfirmed, taken as dropped",
        slash="no slash",
        grammar="NAME is itself, *.NAME is below; the * stands in front only",
        source="https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-admin/policy/"
        "use-an-external-dynamic-list-in-policy/formatting-guidelines-for-an-external-dynamic-list/"
        "domain-list",
        confirmed=Confirmed.DOCUMENTED,
        note="a list can be set to expand NAME to its subdomains; at most 255 characters each",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The pattern as it is."""
        return (str(pattern),)

    def read(self, entry: str) -> Reading:
        """A name, or all below one."""
        if "/" in entry:
            return rejected("a list of domains holds no URLs")
        if len(entry) > 255:
            return rejected("an entry has at most 255 characters")
        return _wildcard(entry.removeprefix("^") if entry[1:2] != "." else entry)


def _wildcard(host: str) -> Reading:
    rest = host.removeprefix("*.")
    if "*" in rest or "^" in rest:
        return unmodelled("a wildcard within a name")
    return named(rest, 1, None) if rest != host else named(rest)


class PanExclusion(Matcher):
    """Device > Certificate Management > SSL Decryption Exclusion."""

    traits: ClassVar[Traits] = Traits(
        id="pan-exclusion",
        title="PAN-OS decryption exclusion",
        apex="no",
        depth=f"one label for each *; {EXCLUSION_DEPTH} entries are written",
        case="unconfirmed, taken as ignored",
        trailing_dot="unconfirmed, taken as dropped",
        slash="no slash",
        grammar="NAME is itself, *.NAME has one label more, *.*.NAME two",
        source="https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/decryption/"
        "decryption-exclusions",
        confirmed=Confirmed.DOCUMENTED,
        note="compared with SNI, or with the name in the server's certificate",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``*.goto.com``, ``*.*.goto.com`` … one for each depth."""
        if not pattern.below:
            return (pattern.base,)
        return tuple("*." * depth + pattern.base for depth in range(1, EXCLUSION_DEPTH + 1))

    def read(self, entry: str) -> Reading:
        """As many labels before the name as there are asterisks."""
        if "/" in entry:
            return rejected("an exclusion is a host name, not a URL")
        rest, stars = entry, 0
        while rest.startswith("*."):
            rest, stars = rest[2:], stars + 1
        if "*" in rest:
            return unmodelled("a wildcard within a name")
        return named(rest, stars, stars)

"""Filters in the cloud: Zscaler's URL lists and Umbrella's destination lists."""

from typing import ClassVar, Final

from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, rejected
from callgate.names.patterns import DomainPattern

#: Levels below the name that a leading period of Zscaler reaches.
ZSCALER_LEVELS: Final = 5


class Zscaler(Matcher):
    """URLs of a custom category, as TLS inspection and URL filtering use them."""

    traits: ClassVar[Traits] = Traits(
        id="zscaler",
        title="Zscaler URL category",
        apex="yes",
        depth=f"{ZSCALER_LEVELS} levels",
        case="entry: lower case only; host: ignored",
        trailing_dot="entry: none; host: unconfirmed, taken as dropped",
        slash="begins a path",
        grammar="NAME is itself, .NAME is itself and below; ASCII, no scheme",
        source="https://help.zscaler.com/zia/url-format-guidelines",
        confirmed=Confirmed.DOCUMENTED,
        note="a * is no wildcard; a name that is deeper than five levels is not reached",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """``.goto.com`` for ``*.goto.com``."""
        return (f".{pattern.base}" if pattern.below else pattern.base,)

    def read(self, entry: str) -> Reading:
        """A name, with or without a leading period."""
        refused = _refused(entry)
        if refused:
            return rejected(refused)
        host = entry.partition("/")[0]
        read = named(host[1:], 0, ZSCALER_LEVELS) if host.startswith(".") else named(host)
        if host.count(".") < 1 + host.startswith("."):
            return rejected("a top-level domain alone is no entry")
        return read


def _refused(entry: str) -> str:
    """Why Zscaler's form would not take an entry; empty when it would."""
    if "*" in entry:
        return "a * is no wildcard: write a leading period"
    if entry != entry.lower():
        return "entries are lower case"
    if not entry.isascii():
        return "entries are ASCII: write the name as A-labels (xn--…)"
    if "://" in entry:
        return "entries have no scheme"
    return ""


class Umbrella(Matcher):
    """Domains of a destination list (Umbrella, Secure Access)."""

    traits: ClassVar[Traits] = Traits(
        id="umbrella",
        title="Umbrella, Secure Access destination list",
        apex="yes, also for a single name",
        depth="any",
        case="unconfirmed, taken as ignored",
        trailing_dot="unconfirmed, taken as dropped",
        slash="begins a path",
        grammar="NAME is itself and below",
        source="https://docs.umbrella.com/umbrella-user-guide/docs/wildcards-and-destination-lists",
        confirmed=Confirmed.DOCUMENTED,
        note="every entry has an implied wildcard on its left; a * is rejected",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The bare name: there is no narrower form."""
        return (pattern.base,)

    def read(self, entry: str) -> Reading:
        """The name and everything below it."""
        if "*" in entry:
            return rejected("asterisks are not supported: the wildcard is implied")
        return named(entry.partition("/")[0], 0, None)

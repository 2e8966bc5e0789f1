"""Resolvers: dnsmasq, Unbound's local zones, and response policy zones (RPZ).

DNS itself compares without regard to case, and has no trailing dot: it is how a name is
written (RFC 1035 section 2.3).
"""

from typing import ClassVar

from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, nothing
from callgate.names.patterns import DomainPattern


class Dnsmasq(Matcher):
    """The domains of ``nftset=/NAME/…`` and ``ipset=/NAME/…``."""

    traits: ClassVar[Traits] = Traits(
        id="dnsmasq",
        title="dnsmasq nftset=, ipset=",
        apex="yes, also for a single name",
        depth="any",
        case="ignored",
        trailing_dot="no matter",
        slash="separates the names",
        grammar="NAME is itself and below; a leading dot makes no difference",
        source="https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html",
        confirmed=Confirmed.MEASURED,
        note="*.NAME matches nothing here; only forwarded answers fill a set; of several "
        "entries that fit only the longest counts, so one of the site's own takes a name away",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The bare name: there is no narrower form, not even for a single name."""
        return (pattern.base,)

    def read(self, entry: str) -> Reading:
        """The name and everything below it."""
        if "*" in entry:
            return nothing("the wildcard of address=/*.NAME/ does not hold for sets")
        return named(entry.removeprefix("."), 0, None)


class UnboundLocalZone(Matcher):
    """``local-zone: "NAME" TYPE``."""

    traits: ClassVar[Traits] = Traits(
        id="unbound-local-zone",
        title="Unbound local-zone",
        apex="yes, also for a single name",
        depth="any, up to the next zone below",
        case="ignored",
        trailing_dot="no matter",
        slash="no slash",
        grammar="NAME is itself and below",
        source="https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html",
        confirmed=Confirmed.MEASURED,
        note="a * is an ordinary label: *.NAME holds for hosts below a label *",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The name with its trailing dot, as Unbound's own documentation writes it."""
        return (f"{pattern.base}.",)

    def read(self, entry: str) -> Reading:
        """The name and everything below it."""
        if "*" in entry:
            return nothing("Unbound takes * for an ordinary label, and no host has it")
        if entry.startswith("."):
            return nothing("an empty label is no part of a name")
        return named(entry, 0, None)


class Rpz(Matcher):
    """Owner names of a response policy zone (draft-vixie-dnsop-dns-rpz-00, section 4.1)."""

    traits: ClassVar[Traits] = Traits(
        id="rpz",
        title="RPZ (Unbound, BIND)",
        apex="no",
        depth="any",
        case="ignored",
        trailing_dot="none: the owner is relative to the policy zone",
        slash="no slash",
        grammar="NAME is itself, *.NAME is below",
        source="https://datatracker.ietf.org/doc/html/draft-vixie-dnsop-dns-rpz-00#section-4.1",
        confirmed=Confirmed.MEASURED,
        note="an owner with a trailing dot lies outside of the policy zone",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The pattern as it is."""
        return (str(pattern),)

    def read(self, entry: str) -> Reading:
        """A name, or all below one."""
        if entry.endswith("."):
            return nothing("an absolute owner lies outside of the policy zone")
        rest = entry.removeprefix("*.")
        if "*" in rest:
            return nothing("a * that is not the first label is an ordinary one")
        return named(rest, 1, None) if rest != entry else named(rest)

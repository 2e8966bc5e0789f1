"""FortiGate: ``config firewall wildcard-fqdn custom``, for the exemptions of ssl-ssh-profile.

These objects are not the wildcard addresses of firewall policies, which have the same look.
"""

from typing import ClassVar

from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, unmodelled
from callgate.names.patterns import DomainPattern


class FortigateWildcard(Matcher):
    """``set wildcard-fqdn "*.goto.com"``."""

    traits: ClassVar[Traits] = Traits(
        id="fortigate-wildcard",
        title="FortiGate wildcard-fqdn",
        apex="unconfirmed, taken as yes",
        depth="unconfirmed, taken as any",
        case="unconfirmed, taken as ignored",
        trailing_dot="unconfirmed, taken as dropped",
        slash="no slash",
        grammar="NAME is itself, *.NAME is below",
        source="https://docs.fortinet.com/document/fortigate/7.4.0/cli-reference/"
        "289620/config-firewall-wildcard-fqdn-custom",
        confirmed=Confirmed.UNCONFIRMED,
        note="whether *.NAME takes the apex, and how deep it goes, is said differently by "
        "different sources; proxy mode exempts by address",
    )

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """The pattern as it is."""
        return (str(pattern),)

    def read(self, entry: str) -> Reading:
        """A name, or one and all below it."""
        rest = entry.removeprefix("*.")
        if "*" in rest:
            return unmodelled("a wildcard within a name")
        return named(rest, 0, None) if rest != entry else named(rest)

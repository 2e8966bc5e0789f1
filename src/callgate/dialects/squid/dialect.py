"""The ``squid`` dialect: the application's names allowed, and left alone by inspection."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, excess_note
from callgate.dialects.options import chosen
from callgate.dialects.squid import files
from callgate.dialects.squid.rules import Lists
from callgate.dialects.squid.settings import OPTIONS, Settings
from callgate.errors import UsageError
from callgate.names.matchers import find
from callgate.policy.model import Policy
from callgate.policy.site import Apply

_MATCHER: Final = find("squid-dstdomain")


class Squid:
    """Squid 5 or later; what looks into TLS needs one with OpenSSL."""

    name = "squid"
    title = "Squid"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = OPTIONS
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=False,
        domains="exact, and all below together with the apex",
        groups=True,
        name_limit=31,
        name_charset="ASCII without blanks",
        comments="# at the start of a line",
        logging=True,
        default_action="deny",
        order="first match",
        merge="include before the first http_access and ssl_bump line",
        source="http://www.squid-cache.org/Doc/config/",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact: ``squid.conf``, or ``callgate.conf`` to be included (merge).

        Raises UsageError for options that cannot be and for a policy without clients, and
        UnsupportedError for a policy without names.
        """
        settings = Settings.of(policy, chosen(self, policy.target))
        names = entries(_MATCHER, policy, self.title)
        if policy.clients is None:
            raise UsageError(
                "a proxy must know whom it serves, or it serves everyone",
                hint="--client 192.168.0.0/16 (repeatable)",
            )
        lists = Lists(names, policy.clients, policy.tunnels, settings.tls)
        excess = excess_note(_MATCHER, policy.domains)
        if policy.apply is Apply.MERGE:
            text = files.fragment(policy, settings, lists, excess)
            what = "lines to be included into the site's squid.conf"
            return (Artifact("callgate.conf", text, what, excess_note=excess),)
        text = files.whole(policy, settings, lists, excess)
        what = "the configuration of a proxy of the application's own"
        return (Artifact("squid.conf", text, what, excess_note=excess),)

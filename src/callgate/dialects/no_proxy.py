"""The ``no-proxy`` dialect: the application's names go past the proxy (``NO_PROXY``).

Programs read the variable each in their own way. The entries are those that curl and
Python's requests both understand, with a leading dot, which nobody takes for the end of a
longer name.
"""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, excess_note, heading
from callgate.errors import UnsupportedError
from callgate.names.matchers import find
from callgate.policy.model import Policy
from callgate.policy.site import Edge

#: Linux passes no longer string to a program (MAX_ARG_STRLEN, execve(2)), in bytes; the name
#: of the variable, the equals sign and a NUL are part of it.
SIZE_LIMIT: Final = 131_072 - len("NO_PROXY=") - 1
_MATCHER: Final = find("curl-no-proxy")


class NoProxy:
    """``NO_PROXY`` and ``no_proxy``, as a file of variables."""

    name = "no-proxy"
    title = "NO_PROXY"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="a name and all below together",
        groups=False,
        name_limit=None,
        name_charset="ASCII without blanks and commas",
        comments="# at the start of a line",
        logging=False,
        default_action="none: every other name takes the proxy",
        order="none",
        merge="one list for each variable: add to your own",
        source="https://curl.se/docs/manpage.html#--noproxy",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One artifact, ``no-proxy.env``.

        Raises UnsupportedError for a policy without names, one that sends the application
        to a proxy, one of the proxy's own edge, or a list that no program would be given.
        """
        if policy.edge is Edge.PROXY:
            raise UnsupportedError(
                "NO_PROXY is for the clients, and this policy is for the proxy's own edge",
                hint="--edge client-edge",
            )
        if policy.proxy is not None:
            raise UnsupportedError(
                f"NO_PROXY sends names past every proxy, and here they go to {policy.proxy}",
                hint="leave out --proxy, or send names to a proxy of their own with --dialect pac",
            )
        value = ",".join(entries(_MATCHER, policy, self.title))
        if len(value) > SIZE_LIMIT:
            raise UnsupportedError(
                f"the list would have {len(value):,} bytes for {len(policy.domains):,} domains; "
                f"Linux gives a program at most {SIZE_LIMIT:,} in one variable",
                hint="cover single names by a wildcard, or choose fewer products",
            )
        excess = excess_note(_MATCHER, policy.domains)
        facts = {
            "Apply": "EnvironmentFile= of systemd, --env-file of docker, or export both in a "
            "shell; where there is a list already, add to it; to go back, take the names out",
        }
        lines = [
            *heading(policy, "names that go past the proxy", facts, excess),
            f"NO_PROXY={value}",
            f"no_proxy={value}",
        ]
        text = "\n".join(lines) + "\n"
        return (Artifact("no-proxy.env", text, "names past the proxy", excess_note=excess),)

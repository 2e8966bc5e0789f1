"""The ``fortigate-proxy`` dialect: names that a FortiGate's deep inspection leaves alone.

Objects of our own and one entry among the exemptions of a profile, all by name and number,
so that to apply it twice changes nothing. Policies are not touched: what a FortiGate lets
through is the packet filter's business.
"""

import re
from collections.abc import Iterator
from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.naming import entries, excess_note, heading
from callgate.dialects.options import chosen
from callgate.errors import UsageError
from callgate.names.matchers import find
from callgate.policy.model import Policy

_MATCHER: Final = find("fortigate-wildcard")
_GROUP: Final = "callgate"
_PROFILE: Final = "profile"
_ID: Final = "exempt-id"
#: What a name may be made of here, so that no quotation mark can end it (35 characters).
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,35}")
_ID_MAX: Final = 2**32 - 1


class FortigateProxy:
    """FortiGate's SSL/SSH inspection."""

    name = "fortigate-proxy"
    title = "FortiGate SSL inspection"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option(
            _PROFILE,
            "the ssl-ssh-profile of the policies that calls take",
            default="custom-deep-inspection",
        ),
        Option(_ID, "number of our entry among the profile's exemptions", default="90001"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="exact, and wildcard (whether with the apex is unconfirmed)",
        groups=True,
        name_limit=35,
        name_charset="A-Z a-z 0-9 . _ -",
        comments="# at the start of a line",
        logging=True,
        default_action="inspected, as the profile says",
        order="none: a name is exempt or it is not",
        merge="an exemption of its own in your profile",
        source=_MATCHER.traits.source,
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """The commands and those that take them back.

        Raises UsageError for a profile or number that cannot be, and UnsupportedError for a
        policy without names.
        """
        options = chosen(self, policy.target)
        profile, number = options[_PROFILE], options[_ID]
        if not _NAME.fullmatch(profile):
            raise UsageError(f"--option {_PROFILE}={profile!r} cannot be the name of a profile")
        if not (number.isascii() and number.isdigit() and 0 < int(number[:11]) <= _ID_MAX):
            raise UsageError(f"--option {_ID}={number!r} is no number from 1 to {_ID_MAX}")
        names = entries(_MATCHER, policy, self.title)
        excess = excess_note(_MATCHER, policy.domains)
        facts = {
            "Profile": f"{profile}, exemption {int(number)}",
            "Doubt": _MATCHER.traits.note,
            "Apply": "paste at the CLI, or System > Settings > Upload script; back with "
            "fortigate-rollback.conf",
        }
        lines = [
            *heading(policy, "exemptions from SSL inspection", facts, excess),
            *_objects(names),
            *_exemption(profile, int(number)),
        ]
        text = "\n".join(lines) + "\n"
        back = "\n".join(_rollback(names, profile, int(number))) + "\n"
        return (
            Artifact("fortigate-exempt.conf", text, "commands", excess_note=excess),
            Artifact("fortigate-rollback.conf", back, "takes them back", rollback=True),
        )


def _object(number: int) -> str:
    return f"{_GROUP}-{number}"


def _objects(names: tuple[str, ...]) -> Iterator[str]:
    yield "config firewall wildcard-fqdn custom"
    for number, name in enumerate(names, 1):
        yield f'    edit "{_object(number)}"'
        yield f'        set wildcard-fqdn "{name}"'
        yield "    next"
    yield "end"
    members = " ".join(f'"{_object(number)}"' for number, _ in enumerate(names, 1))
    yield "config firewall wildcard-fqdn group"
    yield f'    edit "{_GROUP}"'
    yield f"        set member {members}"
    yield "    next"
    yield "end"


def _exemption(profile: str, number: int) -> Iterator[str]:
    yield "config firewall ssl-ssh-profile"
    yield f'    edit "{profile}"'
    yield "        config ssl-exempt"
    yield f"            edit {number}"
    yield "                set type wildcard-fqdn"
    yield f'                set wildcard-fqdn "{_GROUP}"'
    yield "            next"
    yield "        end"
    yield "    next"
    yield "end"


def _rollback(names: tuple[str, ...], profile: str, number: int) -> Iterator[str]:
    """Users first, then what they use: FortiOS deletes nothing that is referred to."""
    yield "config firewall ssl-ssh-profile"
    yield f'    edit "{profile}"'
    yield "        config ssl-exempt"
    yield f"            delete {number}"
    yield "        end"
    yield "    next"
    yield "end"
    yield "config firewall wildcard-fqdn group"
    yield f'    delete "{_GROUP}"'
    yield "end"
    yield "config firewall wildcard-fqdn custom"
    for each, _ in enumerate(names, 1):
        yield f'    delete "{_object(each)}"'
    yield "end"

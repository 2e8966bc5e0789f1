"""The ``umbrella`` dialect: a destination list, and the same for selective decryption."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.lists.instructions import instructions
from callgate.dialects.lists.limits import UMBRELLA_REQUEST
from callgate.dialects.naming import entries, excess_note
from callgate.names.matchers import find
from callgate.policy.model import Policy

_MATCHER: Final = find("umbrella")
_WHAT: Final = "where the list goes, and the way back"
_STEPS: Final = (
    (
        "Policies > Policy Components > Destination Lists > Add: a list named callgate, "
        "destinations in this list should be allowed; upload umbrella-destinations.txt. "
        "Apply it to the policies of your clients."
    ),
    (
        "Policies > Policy Components > Selective Decryption Lists > Add: callgate, with the "
        "same domains, and choose it in the HTTPS inspection of your web policy."
    ),
    f"By the API: at most {UMBRELLA_REQUEST} ({UMBRELLA_REQUEST.source}).",
    "Then: callgate check goto umbrella-destinations.txt --dialect umbrella",
    "To go back: take both lists out of the policies, then delete them.",
)


class Umbrella:
    """Cisco Umbrella and Secure Access."""

    name = "umbrella"
    title = "Cisco Umbrella, Secure Access"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="a name and everything below it; no narrower form",
        groups=True,
        name_limit=None,
        name_charset="ASCII; other names as IDNA A-labels; no *",
        comments="none",
        logging=True,
        default_action="as the policy says",
        order="allow lists before block lists",
        merge="a destination list of its own",
        source="https://docs.umbrella.com/umbrella-user-guide/docs/wildcards-and-destination-lists",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """The list and the instructions; UnsupportedError when there is no name."""
        names = entries(_MATCHER, policy, self.title)
        excess = excess_note(_MATCHER, policy.domains)
        text = "\n".join(names) + "\n"
        steps = instructions(policy, "a destination list for Umbrella", _STEPS, (_MATCHER,))
        return (
            Artifact("umbrella-destinations.txt", text, "destinations", excess_note=excess),
            Artifact("umbrella-instructions.txt", steps, _WHAT, instructions=True),
        )

"""The ``zscaler`` dialect: the URLs of a custom category, for access and for TLS inspection."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.lists.instructions import instructions
from callgate.dialects.lists.limits import ZSCALER, refuse_longer
from callgate.dialects.naming import entries, excess_note
from callgate.names.matchers import find
from callgate.policy.model import Policy

_MATCHER: Final = find("zscaler")
_WHAT: Final = "where the list goes, and the way back"
_STEPS: Final = (
    (
        "Administration > URL Categories > Add: a custom category named callgate. Paste "
        "zscaler-urls.txt into Custom URLs Retaining Parent Category."
    ),
    (
        "Policy > SSL Inspection: a rule above those that inspect, URL category callgate, action "
        "Do Not Inspect."
    ),
    (
        "Policy > URL & Cloud App Control: a rule that allows the category, where your last one "
        "blocks."
    ),
    "Activate. Then: callgate check goto zscaler-urls.txt --dialect zscaler",
    "To go back: delete the two rules, then the category callgate, and activate.",
)


class Zscaler:
    """Zscaler Internet Access."""

    name = "zscaler"
    title = "Zscaler Internet Access"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="exact, and five levels below together with the apex",
        groups=True,
        name_limit=None,
        name_charset="lower-case ASCII; other names as IDNA A-labels",
        comments="none",
        logging=True,
        default_action="as the rules for the category say",
        order="first rule",
        merge="a custom category of its own",
        source="https://help.zscaler.com/zia/url-format-guidelines",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """The list and the instructions; UnsupportedError when it has no name or too many."""
        names = entries(_MATCHER, policy, self.title)
        refuse_longer(names, ZSCALER, self.title, "cover single names by a wildcard")
        excess = excess_note(_MATCHER, policy.domains)
        text = "\n".join(names) + "\n"
        steps = instructions(policy, "a custom URL category for Zscaler", _STEPS, (_MATCHER,))
        return (
            Artifact("zscaler-urls.txt", text, "URLs of a custom category", excess_note=excess),
            Artifact("zscaler-instructions.txt", steps, _WHAT, instructions=True),
        )

"""``callgate-dnsmasq.conf``, for the dialect and beside the rules of nftables."""

from collections.abc import Iterable
from typing import Final

from callgate.dialects.base import Artifact
from callgate.dialects.dnsmasq.sets import LIMITS
from callgate.dialects.naming import entries, excess_note, heading
from callgate.dialects.wording import commented
from callgate.names.matchers import find
from callgate.policy.model import Policy

FILE: Final = "callgate-dnsmasq.conf"
MATCHER: Final = find("dnsmasq")
TITLE: Final = "dnsmasq"


def names(policy: Policy) -> tuple[str, ...]:
    """The names that dnsmasq is told; UnsupportedError when there are none."""
    return entries(MATCHER, policy, TITLE)


def excess(policy: Policy) -> str:
    """What gets into the sets besides the document's names."""
    own = excess_note(MATCHER, policy.domains)
    return "; ".join(filter(None, (own, "other names on the same addresses")))


def artifact(policy: Policy, facts: dict[str, str], lines: Iterable[str]) -> Artifact:
    """The file with its heading and limits."""
    told = {
        **facts,
        "Apply": f"/etc/dnsmasq.d/{FILE}; dnsmasq --test; systemctl restart dnsmasq; to go "
        "back, remove the file and restart",
    }
    text = [
        *heading(policy, "addresses of names for the packet filter", told, excess(policy)),
        *(line for limit in LIMITS for line in commented("Limit", limit)),
        *lines,
    ]
    return Artifact(FILE, "\n".join(text) + "\n", "what fills the sets", excess_note=excess(policy))

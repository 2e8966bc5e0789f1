"""What dialects that go by name have in common: their list, its excess, their heading.

A product often takes in more than the document's pattern: ``.goto.com`` is the apex too.
That is said in the file and to the user, and never hidden.
"""

from collections.abc import Collection, Iterator
from typing import Final

from callgate.dialects.wording import commented
from callgate.errors import UnsupportedError
from callgate.names import DomainPattern, Extent
from callgate.names.extents import outside
from callgate.names.matchers import Matcher
from callgate.policy.model import Policy

#: How many names a note spells out.
_SHOWN: Final = 12


def entries(matcher: Matcher, policy: Policy, title: str) -> tuple[str, ...]:
    """The list for a policy; UnsupportedError when there is nothing to list."""
    if not policy.domains:
        raise UnsupportedError(f"{title} goes by name, and {policy.profile} has no domain")
    return matcher.entries(policy.domains)


def excess_note(matcher: Matcher, domains: Collection[DomainPattern]) -> str:
    """What the list takes in besides the patterns, in one line; empty when nothing."""
    wanted = {Extent.of(pattern) for pattern in domains}
    beyond = dict.fromkeys(extent for pattern in domains for extent in matcher.beyond(pattern))
    foreign = [each for each in outside(beyond, wanted) if each not in wanted]
    names = [each.base for each in foreign if each.most == 0]
    above = [each.base for each in foreign if each.most != 0]
    parts = []
    if names:
        parts.append(f"the names themselves: {_listed(names)}")
    if above:
        parts.append(f"names below {_listed(above)}")
    return f"{matcher.traits.title} also takes " + " and ".join(parts) if parts else ""


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def heading(
    policy: Policy, target: str, facts: dict[str, str], excess: str = "", mark: str = "#"
) -> Iterator[str]:
    """Comment lines that say what a file is, from which document, and what to know of it."""
    told = {
        "Callgate": target,
        "Document": f"{policy.document} ({policy.profile})",
        "Scenario": ", ".join(policy.scenarios),
        "Site": policy.site,
        **facts,
    }
    for name, text in told.items():
        yield from commented(name, text, mark)
    if excess:
        yield from commented("Excess", excess, mark)
    for notice in policy.notices:
        yield from commented("Note", notice.text, mark)

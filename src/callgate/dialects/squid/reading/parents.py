"""``always_direct``, ``never_direct`` and ``cache_peer``: whether requests go out at all.

A request that may not go directly goes to a parent, whose own rules are not here; without
any parent it fails.
"""

from collections.abc import Iterator

from callgate.dialects.squid.reading.lines import Statement
from callgate.dialects.squid.reading.rulelists import RuleDrafts
from callgate.places import Place
from callgate.rules.proxy import Act, Decides, ProxyRule, RuleList, Term, Unknown

_TITLE = "never_direct"


def beyond(rules: RuleDrafts, peers: list[Statement], start: Place) -> Iterator[RuleList]:
    """A list that says whether there is a way on; none where every request goes directly."""
    if not rules.has(_TITLE):
        return
    always = rules.access("always_direct", start, without=Act.DENY)
    never = rules.access(_TITLE, start, without=Act.DENY)
    directly = Term(Decides(always, Act.ALLOW), text="always_direct")
    held = Term(Decides(never, Act.ALLOW), text=_TITLE)
    last = never.rules[-1]
    found = [ProxyRule(Act.ALLOW, (directly,), last.place, "always_direct")]
    for peer in peers:
        passes = Term(Unknown(f"the parent proxy lets it pass: {peer.text}"))
        found.append(ProxyRule(Act.ALLOW, (held, passes), peer.place, peer.text))
    found.append(ProxyRule(Act.DENY, (held,), last.place, last.text))
    yield RuleList(_TITLE, tuple(found), Act.ALLOW, last.place, "direct connections are allowed")

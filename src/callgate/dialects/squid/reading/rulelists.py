"""The directives that hold rules: ``http_access`` and its like, ``ssl_bump``, upgrades."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from callgate.dialects.squid.reading.acls import AclTable
from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.lines import Statement
from callgate.places import Place
from callgate.rules.proxy import Act, ProxyRule, RuleList, Steps, Term

ACCESS: Final = {"allow": Act.ALLOW, "deny": Act.DENY}
BUMPING: Final = {
    "bump": Act.BUMP,
    "client-first": Act.BUMP,
    "none": Act.SPLICE,
    "peek": Act.PEEK,
    "server-first": Act.BUMP,
    "splice": Act.SPLICE,
    "stare": Act.STARE,
    "terminate": Act.TERMINATE,
}
STRANGE: Final = {"tunnel": Act.TUNNEL, "respond": Act.RESPOND}
#: Actions of old, which are possible in the first step only.
_FIRST_STEP: Final = frozenset({"none", "client-first", "server-first"})
_OPPOSITE: Final = {Act.ALLOW: Act.DENY, Act.DENY: Act.ALLOW}


class Draft(NamedTuple):
    """A rule before every acl is read: the action's word, and the names of its acls."""

    word: str
    names: tuple[str, ...]
    statement: Statement


class RuleDrafts:
    """Collects the rules of every directive in order."""

    def __init__(self, acls: AclTable, findings: Findings) -> None:
        self._acls = acls
        self._findings = findings
        self._drafts: dict[str, list[Draft]] = {}

    def add(
        self,
        title: str,
        statement: Statement,
        words: tuple[str, ...],
        actions: Mapping[str, Act],
        *,
        strict: bool = False,
    ) -> None:
        """Read ``ACTION [!]acl …``; Squid passes over an access rule that it cannot read."""
        if not words or words[0] not in actions:
            said = words[0] if words else "nothing"
            message = f"{title} expects {' or '.join(actions)}, not {said}"
            if strict:
                self._findings.refuse(statement.place, message, "Squid refuses to start with it")
            else:
                self._findings.warn("ignored", statement, f"Squid ignores this line: {message}")
            return
        if len(words) == 1:
            message = "Squid ignores this line: a rule without an acl never holds"
            self._findings.warn("ignored", statement, message)
            return
        for name in words[1:]:
            self._acls.check(name.removeprefix("!"), statement.place)
        self._drafts.setdefault(title, []).append(Draft(words[0], words[1:], statement))

    def rules(self, title: str, actions: Mapping[str, Act]) -> tuple[ProxyRule, ...]:
        """The rules of a directive, once every acl is read."""
        return tuple(self._rule(draft, actions) for draft in self._drafts.get(title, ()))

    def has(self, title: str) -> bool:
        """Whether the directive has a rule."""
        return title in self._drafts

    def _rule(self, draft: Draft, actions: Mapping[str, Act]) -> ProxyRule:
        terms = self._acls.terms(draft.names)
        if draft.word in _FIRST_STEP:
            terms = (Term(Steps(frozenset({1})), text="in the first step"), *terms)
        return ProxyRule(actions[draft.word], terms, draft.statement.place, draft.statement.text)

    def access(self, title: str, start: Place, *, without: Act) -> RuleList:
        """A list of allow and deny; it ends with the opposite of its last rule.

        ``without`` is what holds where the directive has no rule at all.
        """
        rules = self.rules(title, ACCESS)
        if not rules:
            text = f"no {title}, so {'nothing is allowed' if without is Act.DENY else 'no limit'}"
            return RuleList(title, (), without, start, text)
        last = rules[-1]
        end = _OPPOSITE[last.act]
        text = f"no rule holds, so the opposite of the last one: {end.value} (after {last.text})"
        return RuleList(title, rules, end, last.place, text)

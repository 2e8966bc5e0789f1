"""Reading a whole squid.conf."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_squid
from callgate.dialects.squid.reading import keywords
from callgate.dialects.squid.reading.acls import AclTable
from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.lifetimes import lifetime
from callgate.dialects.squid.reading.lines import Statement, statements
from callgate.dialects.squid.reading.listeners import listener
from callgate.dialects.squid.reading.parents import beyond
from callgate.dialects.squid.reading.rulelists import BUMPING, STRANGE, RuleDrafts
from callgate.errors import InputError
from callgate.places import Place
from callgate.rules.proxy import (
    Act,
    Inspection,
    Listener,
    ProxyRule,
    ProxyRuleset,
    RuleList,
    Term,
    Unknown,
)

#: What browsers offer, letter for letter; Squid tells upper and lower case apart.
WEBSOCKET: Final = "websocket"
_OTHER: Final = "OTHER"
_ACCESS: Final = (
    "http_access",
    "adapted_http_access",
    "miss_access",
    "always_direct",
    "never_direct",
)


class SquidReader:
    """The reader of squid.conf, of Squid 5; what 4 and 6 add is reported where it is met."""

    name = "squid"
    title = "Squid"

    def detect(self, text: str) -> bool:
        """Whether some line is one of Squid's."""
        return is_squid(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> ProxyRuleset:
        """What the configuration says; InputError holds everything that Squid would refuse."""
        return _Configuration(source, include).ruleset(statements(text, source, include))


class _Configuration:
    """One configuration while it is read, statement by statement."""

    def __init__(self, source: str, include: Include) -> None:
        self._source = source
        self._start = Place(source, 1)
        self._findings = Findings()
        self._acls = AclTable(self._findings, include)
        self._rules = RuleDrafts(self._acls, self._findings)
        self._listeners: list[Listener] = []
        self._peers: list[Statement] = []
        self._upgrades: list[Statement] = []
        self._handlers: Final[dict[str, Callable[[Statement], None]]] = {
            "acl": self._acls.define,
            "cache_peer": self._peers.append,
            "client_lifetime": self._lifetime,
            "configuration_includes_quoted_values": lambda _: None,
            "http_port": self._port,
            "http_upgrade_request_protocols": self._upgrade,
            "https_port": self._port,
            "on_unsupported_protocol": self._strange,
            "read_timeout": self._lifetime,
            "ssl_bump": self._bump,
            **dict.fromkeys(_ACCESS, self._access),
        }

    def ruleset(self, found: list[Statement]) -> ProxyRuleset:
        """Read everything."""
        for statement in found:
            self._read(statement)
        if self._findings.mistakes:
            raise InputError(self._findings.mistakes)
        access = self._lists()
        inspection = self._inspection()
        self._acls.check_idle()
        if self._findings.mistakes:
            raise InputError(self._findings.mistakes)
        return ProxyRuleset(
            SquidReader.name,
            self._source,
            access,
            inspection,
            tuple(self._listeners),
            tuple(self._findings.entries),
            None,
            self._findings.unmodelled,
            tuple(self._findings.found),
            tuple(self._findings.clients),
        )

    def _read(self, statement: Statement) -> None:
        word = statement.words[0]
        if word in self._handlers:
            self._handlers[word](statement)
        elif word in keywords.UNMODELLED:
            self._findings.report(statement, keywords.UNMODELLED[word])
        elif word not in keywords.IRRELEVANT:
            known = (*self._handlers, *keywords.UNMODELLED, *keywords.IRRELEVANT)
            near = get_close_matches(word, known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            self._findings.report(statement, f"Squid 5 does not know this directive{meant}")

    def _access(self, statement: Statement) -> None:
        title, *words = statement.words
        self._rules.add(title, statement, tuple(words), {"allow": Act.ALLOW, "deny": Act.DENY})

    def _bump(self, statement: Statement) -> None:
        self._rules.add("ssl_bump", statement, statement.words[1:], BUMPING, strict=True)

    def _strange(self, statement: Statement) -> None:
        title, *words = statement.words
        self._rules.add(title, statement, tuple(words), STRANGE, strict=True)

    def _upgrade(self, statement: Statement) -> None:
        """``PROTOCOL allow|deny acl …``; only rules of the same spelling are for WebSocket."""
        protocol = statement.words[1] if len(statement.words) > 1 else ""
        name = protocol.partition("/")[0]
        actions = {"allow": Act.ALLOW, "deny": Act.DENY}
        self._rules.add(f"upgrade {name}", statement, statement.words[2:], actions)
        if name != WEBSOCKET and name.lower() == WEBSOCKET:
            message = f"Squid tells upper and lower case apart, and browsers offer {WEBSOCKET!r}"
            self._findings.warn("upgrade-name", statement, message)

    def _port(self, statement: Statement) -> None:
        found = listener(statement, self._findings)
        if found is not None:
            self._listeners.append(found)

    def _lifetime(self, statement: Statement) -> None:
        lifetime(statement, self._findings)

    def _lists(self) -> tuple[RuleList, ...]:
        return (
            self._rules.access("http_access", self._start, without=Act.DENY),
            *(
                self._rules.access(title, self._start, without=Act.ALLOW)
                for title in ("adapted_http_access", "miss_access")
                if self._rules.has(title)
            ),
            *beyond(self._rules, self._peers, self._start),
        )

    def _inspection(self) -> Inspection | None:
        """None where no port inspects, whatever ``ssl_bump`` says then.

        A fragment without any port is read as if its port did.
        """
        rules = self._rules.rules("ssl_bump", BUMPING)
        if not rules and not self._listeners:
            return None
        if self._listeners and not any(each.inspects for each in self._listeners):
            for rule in rules[:1]:
                statement = Statement((), rule.text, rule.place)
                message = "no http_port has ssl-bump, so that ssl_bump does nothing"
                self._findings.warn("no-inspection", statement, message)
            return None
        end = "no rule holds, so the connection is left alone"
        place = rules[-1].place if rules else self._start
        return Inspection(
            RuleList("ssl_bump", rules, Act.SPLICE, place, end),
            self._upgrade_list(),
            self._strange_list(),
            stepwise=True,
        )

    def _upgrade_list(self) -> RuleList:
        title = "http_upgrade_request_protocols"
        name = next(
            (each for each in (WEBSOCKET, _OTHER) if self._rules.has(f"upgrade {each}")), ""
        )
        rules = self._rules.rules(f"upgrade {name}", {"allow": Act.ALLOW, "deny": Act.DENY})
        rules = tuple(_versioned(rule) for rule in rules)
        text = f"no {title} allows {WEBSOCKET}, so the upgrade is stripped"
        place = rules[-1].place if rules else self._start
        return RuleList(title, rules, Act.DENY, place, text)

    def _strange_list(self) -> RuleList:
        title = "on_unsupported_protocol"
        rules = self._rules.rules(title, STRANGE)
        place = rules[-1].place if rules else self._start
        return RuleList(title, rules, Act.RESPOND, place, f"no {title} rule holds: respond")


def _versioned(rule: ProxyRule) -> ProxyRule:
    """A rule for one version of a protocol may or may not apply to an offer without any."""
    protocol = rule.text.split()[1]
    if "/" not in protocol:
        return rule
    doubt = Term(Unknown(f"{protocol} stands for an offer without a version"))
    return ProxyRule(rule.act, (doubt, *rule.terms), rule.place, rule.text)

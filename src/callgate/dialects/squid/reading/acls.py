"""Every ``acl`` of a squid.conf by name, and the test that each one is.

Names are the same in upper and lower case. Lines of one name add up, and a rule sees what
was added behind it too; Squid refuses a name that was never defined before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from callgate.dialects.reading import Include
from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.kinds import COMPOUND, KINDS, Kind, make
from callgate.dialects.squid.reading.lines import Statement, Value, values
from callgate.errors import Mistake
from callgate.places import Place
from callgate.rules.proxy import AllOf, AnyOf, Constant, Term, Test, Unknown

#: Defined before the first line (squid.conf.documented): name -> type and values.
_BUILT_IN: Final = {
    "all": ("src", "all"),
    "manager": ("url_regex", ""),  # requests to Squid itself, and never a CONNECT
    "localhost": ("src", "127.0.0.1/32 ::1"),
    "to_localhost": ("dst", "127.0.0.0/8 0.0.0.0/32 ::1/128 ::/128"),
    "connect": ("method", "CONNECT"),
}
_BUILT_IN_PLACE: Final = Place("built in")
#: Groups within groups, and tests that one question of a group may ask.
_DEPTH_MAX: Final = 50
_WEIGHT_MAX: Final = 10_000


@dataclass(slots=True)
class Acl:
    """What the lines of one name say together."""

    name: str
    kind: str
    place: Place
    flags: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    groups: list[tuple[Value, ...]] = field(default_factory=list)
    missing: list[Value] = field(default_factory=list)  # files that could not be read


class AclTable:
    """Collects the ``acl`` lines and makes the tests of them when all are read."""

    def __init__(self, findings: Findings, include: Include) -> None:
        self._findings = findings
        self._include = include
        self._tests: dict[str, Test] = {}
        self._open: set[str] = set()
        self._weights: dict[str, int] = {}
        self.acls: dict[str, Acl] = {}
        for name, (kind, text) in _BUILT_IN.items():
            words = [Value(word, _BUILT_IN_PLACE) for word in text.split()]
            self.acls[name] = Acl(name, kind, _BUILT_IN_PLACE, values=words)

    def define(self, statement: Statement) -> None:
        """Read one ``acl`` line; what Squid refuses becomes a mistake."""
        if len(statement.words) < 3:
            self._findings.refuse(statement.place, "an acl has a name and a type")
            return
        _, name, kind, *words = statement.words
        if kind not in KINDS and kind not in COMPOUND:
            hint = "Squid refuses to start with it"
            self._findings.refuse(statement.place, f"there is no acl type {kind!r}", hint)
            return
        acl = self.acls.setdefault(name.lower(), Acl(name, kind, statement.place))
        if acl.place is _BUILT_IN_PLACE and acl.kind != kind:
            acl = self.acls[name.lower()] = Acl(name, kind, statement.place)
        if acl.kind != kind:
            message = f"acl {name!r} is of type {acl.kind} already ({acl.place})"
            self._findings.refuse(statement.place, message, "Squid refuses to start with it")
            return
        self._add(acl, kind, words, statement)

    def _add(self, acl: Acl, kind: str, words: list[str], statement: Statement) -> None:
        found: list[Value] = []
        options, words = _options(kind, words)
        for option in options:
            if option not in _OPTIONS.get(kind, options):
                message = f"acl type {kind} has no option {option}"
                self._findings.refuse(statement.place, message, "Squid refuses to start with it")
        acl.flags += options
        for each in values(words, statement.place, self._include):
            if isinstance(each, Mistake):
                acl.missing.append(Value(each.message, each.place))
                self._findings.report(Value(statement.text, statement.place), each.message)
            else:
                found.append(each)
        if kind in COMPOUND:
            for value in found:
                self.check(value.text.removeprefix("!"), value.place)
            acl.groups.append(tuple(found))
        acl.values += found

    def check(self, name: str, place: Place) -> None:
        """Squid refuses a rule whose acl is not defined yet."""
        if name.lower() not in self.acls:
            self._findings.refuse(
                place, f"there is no acl {name!r} up to here", "Squid refuses to start with it"
            )

    def terms(self, names: Iterable[str]) -> tuple[Term, ...]:
        """The terms of a rule, once every line is read."""
        return tuple(self._term(name) for name in names)

    def check_idle(self) -> None:
        """Squid refuses a wrong acl that no rule names, too; nothing else of it matters."""
        for name, acl in self.acls.items():
            if name not in self._tests and not acl.groups:
                aside = Findings()
                make(Kind(acl.name, acl.kind, tuple(acl.flags), tuple(acl.values)), aside)
                self._findings.mistakes += aside.mistakes

    def _term(self, name: str) -> Term:
        bare = name.removeprefix("!")
        return Term(self._test(bare.lower()), negated=bare != name, text=name)

    def _test(self, name: str) -> Test:
        if name not in self._tests:
            acl = self.acls[name]
            if name in self._open or len(self._open) > _DEPTH_MAX:
                return self._given_up(acl, "refers to itself, or nests too deep")
            self._open.add(name)
            self._tests[name] = self._compound(acl) if acl.groups else self._simple(acl)
            self._open.discard(name)
        return self._tests[name]

    def _given_up(self, acl: Acl, why: str) -> Test:
        self._findings.report(Value(f"acl {acl.name} {acl.kind}", acl.place), f"the acl {why}")
        return Unknown(f"acl {acl.name}, which {why}")

    def _compound(self, acl: Acl) -> Test:
        """A group; its weight is how many tests one question of it may ask."""
        parts = [value.text.removeprefix("!").lower() for group in acl.groups for value in group]
        for part in parts:
            self._test(part)
        self._weights[acl.name.lower()] = sum(self._weights.get(part, 1) for part in parts)
        if self._weights[acl.name.lower()] > _WEIGHT_MAX:
            return self._given_up(acl, f"asks more than {_WEIGHT_MAX} others")
        make_group = AnyOf if acl.kind == "any-of" else AllOf
        groups = tuple(
            Term(make_group(self.terms(value.text for value in group))) for group in acl.groups
        )
        return groups[0].test if len(groups) == 1 else AnyOf(groups)

    def _simple(self, acl: Acl) -> Test:
        test = make(Kind(acl.name, acl.kind, tuple(acl.flags), tuple(acl.values)), self._findings)
        if not acl.missing:
            return test
        unread = Unknown(f"acl {acl.name} holds what is in {acl.missing[0].text.split(':')[0]}")
        if isinstance(test, Constant) and not test.value:
            return unread
        return AnyOf((Term(test), Term(unread)))


#: The options of the types that we model; Squid refuses others. "-i" of expressions is read
#: with them, because it may stand between them too.
_OPTIONS: Final = {
    "at_step": (),
    "dst": ("-n",),
    "dstdom_regex": ("-n",),
    "dstdomain": ("-n",),
    "method": (),
    "port": (),
    "proto": (),
    "src": (),
    "ssl::server_name": ("--client-requested", "--server-provided", "--consensus"),
    "ssl::server_name_regex": ("--client-requested", "--server-provided", "--consensus"),
    "url_regex": (),
    "urlpath_regex": (),
}


def _options(kind: str, words: list[str]) -> tuple[list[str], list[str]]:
    """The options of a line, and the words behind them."""
    found: list[str] = []
    cases: list[str] = []
    at = 0
    while at < len(words) and _is_option(words[at]):
        word = words[at]
        at += 1
        if word == "--":
            break
        if word in ("-i", "+i") and kind.endswith("_regex"):
            cases.append(word)
        else:
            found.append(word)
    return found, [*cases, *words[at:]]


def _is_option(word: str) -> bool:
    return word == "--" or (word[0] in "-+" and word[1:2].isalpha()) or word[:2] == "--"

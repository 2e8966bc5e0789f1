"""Reading a whole configuration of an SRX."""

from collections import defaultdict
from typing import Final

from callgate.dialects.juniper_srx.reading.applications import Service, predefined, service
from callgate.dialects.juniper_srx.reading.books import Books
from callgate.dialects.juniper_srx.reading.findings import Findings
from callgate.dialects.juniper_srx.reading.policies import ANY, Draft, PolicyReader
from callgate.dialects.juniper_srx.reading.statements import Path, Statement, Statements, read
from callgate.dialects.members import Group, Members
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_srx
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Action, Chain, Entry, Match, Note, Ruleset

_DEFAULTS: Final = {
    "permit-all": Action.ACCEPT,
    "deny-all": Action.DROP,
    "reject-all": Action.REJECT,
}
_DENY_ALL: Final = "default policy: deny-all"


class SrxReader:
    """Reads ``show configuration``, with or without ``| display set``."""

    name = "juniper-srx"
    title = "Juniper SRX (Junos)"

    def detect(self, text: str) -> bool:
        """Whether it has statements that only Junos security devices have."""
        return is_srx(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the configuration says; InputError when the text is none."""
        del include  # groups are part of the text itself
        statements = read(text, source)
        if not statements.found and not statements.off:
            message = "there is no statement of Junos here"
            raise InputError([Mistake(Place(source, 1), message)])
        return _Configuration(statements).ruleset()


class _Configuration:
    """One configuration while it is read."""

    def __init__(self, statements: Statements) -> None:
        self._all = statements
        self._findings = Findings(statements.unmodelled)
        self._zones: dict[str, tuple[str, ...]] = {}
        self._default = (Action.DROP, _DENY_ALL, Place(statements.source, 1))

    def ruleset(self) -> Ruleset:
        """Read everything that takes part in filtering."""
        self._groups()
        for each in self._all.below("security", "zones", "security-zone"):
            self._zone(each)
        reader = PolicyReader(
            self._findings,
            Books(self._all, self._findings),
            self._services(),
            self._zones,
        )
        between, everywhere = self._drafts()
        rules = [rule for draft in between + everywhere for rule in reader.rules(draft)]
        self._beside()
        action, text, place = self._default
        chain = Chain(
            "security policies", tuple(rules), action, place=place, default_place=place,
            default_text=text,
        )  # fmt: skip
        return Ruleset(
            SrxReader.name,
            self._all.source,
            {chain.name: chain},
            (Entry("forward", (chain.name,), "forward", place),),
            unmodelled=self._findings.unmodelled,
            notes=tuple(self._findings.notes),
            stateful=True,
        )

    def _groups(self) -> None:
        """``apply-groups`` at the top: what a group says is said there, after the rest."""
        named: dict[str, list[Statement]] = defaultdict(list)
        for each in self._all.below("groups"):
            if each.path:
                named[each.path[0]].append(Statement(each.path[1:], each.place, each.text))
        for each in list(self._all.found):
            if each.path[:1] == ("apply-groups",) and len(each.path) == 2:
                self._all.found += named.get(each.path[1], [])
            elif "apply-groups" in each.path and each.path[:1] == ("security",):
                self._findings.report(each, "groups within a hierarchy are not followed")
        for each in self._all.found:
            if any("<" in word for word in each.path) and each.path[:1] == ("security",):
                self._findings.report(each, "wildcards of groups are not followed")

    def _zone(self, each: Statement) -> None:
        name = each.path[0] if each.path else ""
        self._zones.setdefault(name, ())
        if each.path[1:2] == ("interfaces",) and len(each.path) > 2:
            found = (*self._zones[name], each.path[2])
            self._zones[name] = tuple(dict.fromkeys(found))

    def _services(self) -> Members[Service]:
        facts: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
        sets: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        for each in self._all.below("applications"):
            match each.path:
                case ("application", name, "term", term, *rest):
                    facts[name][term].append(Statement(tuple(rest), each.place, each.text))
                case ("application", name, *rest):
                    facts[name][""].append(Statement(tuple(rest), each.place, each.text))
                case ("application-set", name, "application" | "application-set", member):
                    sets[name].append((member, each.place))
                case ("application-set", *_) | ():
                    continue
                case _:
                    self._findings.report(each, "this part of applications is not known")
        return Members(
            objects=lambda name: self._application(name, facts),
            groups=lambda name: _group(sets.get(name, [])),
            unknown=lambda *what: Service(condition=self._findings.member(*what)),
        )

    def _application(
        self, name: str, facts: dict[str, dict[str, list[Statement]]]
    ) -> list[Service] | None:
        if name not in facts:
            return predefined(name)
        terms = {key: value for key, value in facts[name].items() if key} or facts[name]
        found = []
        for statements in terms.values():
            words: Path = tuple(word for each in statements for word in each.path)
            try:
                found.append(service(words))
            except ValueError as error:
                literal = self._findings.member(name, statements[0].place, str(error))
                found.append(Service(condition=literal))
        return found

    def _drafts(self) -> tuple[list[Draft], list[Draft]]:
        """Policies between zones, and the global ones, each in order."""
        between: dict[tuple[str, str, str], Draft] = {}
        everywhere: dict[str, Draft] = {}
        for each in self._all.below("security", "policies"):
            match each.path:
                case ("from-zone", source, "to-zone", target, "policy", name, *rest):
                    zones = ((source,), (target,))
                    draft = between.setdefault(
                        (source, target, name), Draft(name, each.place, zones)
                    )
                    draft.add(tuple(rest), each)
                case ("global", "policy", name, "match", "from-zone" | "to-zone" as side, zone):
                    draft = everywhere.setdefault(name, Draft(name, each.place, ((ANY,), (ANY,))))
                    draft.zones = _with_zone(draft.zones, side, zone)
                case ("global", "policy", name, *rest):
                    draft = everywhere.setdefault(name, Draft(name, each.place, ((ANY,), (ANY,))))
                    draft.add(tuple(rest), each)
                case ("default-policy", word) if word in _DEFAULTS:
                    self._default = (_DEFAULTS[word], each.text, each.place)
                case ("policy-rematch" | "stateful" | "traceoptions" | "policy-stats", *_) | ():
                    continue
                case ("from-zone", _, "to-zone", _) | ("global",):
                    continue
                case _:
                    self._findings.report(each, "this part of policies is not known")
        return list(between.values()), list(everywhere.values())

    def _beside(self) -> None:
        """What filters or rewrites beside the policies."""
        for each in self._all.below("interfaces"):
            if "filter" in each.path and {"input", "output", "input-list", "output-list"} & {
                *each.path
            }:
                hint = "a stateless filter on an interface is not modelled"
                self._findings.report(each, hint)
        for each in self._all.below("security", "nat"):
            if "then" in each.path:
                self._findings.notes.append(Note("nat", each.text, each.place, Match()))
        for each in self._all.below("security", "zones", "security-zone"):
            if each.path[1:2] == ("screen",):
                self._findings.report(each, "screens drop what looks like an attack")


def _group(members: list[tuple[str, Place]]) -> Group | None:
    """A set of applications; None where there is none of the name."""
    return Group(tuple(members), members[0][1]) if members else None


def _with_zone(
    zones: tuple[tuple[str, ...], tuple[str, ...]], side: str, zone: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The zones of a global policy with one more on a side."""
    number = 0 if side == "from-zone" else 1
    mine = (zone,) if zones[number] == (ANY,) else (*zones[number], zone)
    return (mine, zones[1]) if number == 0 else (zones[0], mine)

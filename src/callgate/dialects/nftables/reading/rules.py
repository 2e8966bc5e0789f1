"""One nftables rule as rules of the model.

The statements of a rule run from left to right, and the first that does not hold ends it:
a rule is the conjunction of its matches, then a verdict. Where a match needs several
alternatives (a concatenation, a verdict map) the rule becomes several, which share its
place and text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from callgate.dialects.nftables.reading.conjunction import NOTHING
from callgate.dialects.nftables.reading.cursor import SyntaxMistakeError
from callgate.dialects.nftables.reading.fields import condition
from callgate.dialects.nftables.reading.matches import Alternatives, Matches, dependency, product
from callgate.dialects.nftables.reading.tree import (
    Action,
    Manner,
    Match,
    Outcome,
    Rule,
    SetName,
    Statement,
    Verdict,
    VerdictMap,
    render,
)
from callgate.dialects.nftables.reading.verdicts import branches
from callgate.errors import Mistake
from callgate.places import Place
from callgate.rules import (
    ANYTHING,
    Condition,
    ConnectionState,
    Literal,
    Note,
    Unmodelled,
    Varies,
)
from callgate.rules import Action as Does
from callgate.rules import Match as Held
from callgate.rules import Rule as Made

#: A rule of more combinations keeps the match that makes them as a condition.
COMBINATIONS_MAX: Final = 2000
_NO_INTERFACE: Final = ""
_DOES: Final = {
    Outcome.ACCEPT: Does.ACCEPT,
    Outcome.DROP: Does.DROP,
    Outcome.REJECT: Does.REJECT,
    Outcome.CONTINUE: Does.CONTINUE,
    Outcome.RETURN: Does.RETURN,
    Outcome.JUMP: Does.JUMP,
    Outcome.GOTO: Does.GOTO,
}
_MAY_STOP: Final = (Manner.CONDITION, Manner.UNKNOWN)
Result = tuple[Does, str, Held]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a chain cannot see.

    Before routing no interface to leave by is known, and before connection tracking
    (priority -200) every packet counts as invalid.
    """

    before_routing: bool = False
    before_tracking: bool = False

    def __str__(self) -> str:
        words = []
        if self.before_routing:
            words.append("before routing")
        if self.before_tracking:
            words.append("before tracking")
        return ", ".join(words) or "after routing"

    def see(self, match: Held) -> Held | None:
        """A match as it works out here; None when it cannot hold."""
        leaving = match.out_interface
        if self.before_routing and leaving is not None:
            if _NO_INTERFACE not in leaving:
                return None
            match = replace(match, out_interface=None)
        if self.before_tracking:
            if ConnectionState.INVALID not in match.state:
                return None
            match = replace(match, state=Held().state)
        return match


@dataclass(slots=True)
class Findings:
    """What the rules of a script leave to say beside themselves; each thing once."""

    mistakes: dict[Mistake, None] = field(default_factory=dict)
    unmodelled: dict[Unmodelled, None] = field(default_factory=dict)
    notes: dict[tuple[str, str, int], list[Note]] = field(default_factory=dict)

    def keep(self, text: str, statement: Statement, hint: str = "") -> None:
        """Something that answers can only name."""
        self.unmodelled[Unmodelled(text, statement.place, hint)] = None


class RuleReader:
    """Makes the rules of one table."""

    def __init__(self, matches: Matches, findings: Findings) -> None:
        self._matches = matches
        self._findings = findings

    def made_of(self, rule: Rule, sight: Sight) -> list[Made]:
        """The rules that one line becomes: at least one, in a sight of its chain."""
        try:
            found = [
                Made(action, seen, rule.place, rule.text, target)
                for action, target, match in self._outcomes(rule)
                if (seen := sight.see(_placed(match, rule))) is not None
            ]
        except SyntaxMistakeError as error:
            self._findings.mistakes[error.mistake] = None
            found = []
        # A rule that can hold for no packet still stands in the list: it is dead, not gone.
        return found or [Made(Does.CONTINUE, NOTHING, rule.place, rule.text)]

    def _outcomes(self, rule: Rule) -> list[Result]:
        total: Alternatives = [ANYTHING]
        for number, statement in enumerate(rule.statements):
            if isinstance(statement, Match):
                total = self._narrowed(total, statement, self._matches.of(statement))
                continue
            ended = self._ended(total, statement, rule, number)
            if ended is not None:
                return ended
            if isinstance(statement, Action) and statement.manner in _MAY_STOP:
                total = product([total, [condition(statement.text)]])
        return [(Does.CONTINUE, "", each) for each in total]

    def _ended(
        self, total: Alternatives, statement: Statement, rule: Rule, number: int
    ) -> list[Result] | None:
        """How a rule ends at a statement; None when the next one follows."""
        match statement:
            case Verdict():
                _nothing_follows(rule, number)
                does = _DOES[statement.outcome]
                return [(does, statement.chain, each) for each in total]
            case VerdictMap():
                return list(self._mapped(total, statement))
            case Action():
                action = self._act(total, statement, rule)
                return None if action is None else [(action, "", each) for each in total]
            case _:
                return None

    def _narrowed(
        self, total: Alternatives, statement: Match | VerdictMap, found: Alternatives
    ) -> Alternatives:
        if min(len(total), len(found)) > 1 and len(total) * len(found) > COMBINATIONS_MAX:
            left = statement.left if isinstance(statement, Match) else statement.key
            found = [condition(f"{render(left)}: more than {COMBINATIONS_MAX} combinations")]
        narrowed = product([total, found])
        named = {each.condition.text for match in found for each in match.conditions}
        met = {each.condition.text for match in narrowed for each in match.conditions}
        for text in sorted(named & met):
            self._findings.keep(text, statement, _why(statement))
        return narrowed

    def _mapped(self, total: Alternatives, statement: VerdictMap) -> Iterator[Result]:
        found = branches(statement, self._matches)
        if found is None:
            text = f"{render(statement.key)} vmap {render(statement.mapping)}"
            self._findings.keep(text, statement, "the map is filled while the ruleset runs")
            needed = dependency(statement.key)
            for each in product([total, [] if needed is None else [needed]]):
                yield Does.UNMODELLED, "", each
            return
        for verdict, alternatives in found:
            for each in self._narrowed(total, statement, alternatives):
                yield _DOES[verdict.outcome], verdict.chain, each

    def _act(self, total: Alternatives, action: Action, rule: Rule) -> Does | None:
        """What a statement does to the packet for good; None when the next one follows."""
        match action.manner:
            case Manner.HARMLESS | Manner.LOG:
                if " mark set " in f" {action.text}":
                    self._note("mark", total, action, rule)
                return None
            case Manner.UNTRACK:
                self._note("notrack", total, action, rule)
                return None
            case Manner.NAT:
                self._note(action.text.split()[0], total, action, rule)
                return Does.ACCEPT
            case Manner.REWRITE:
                self._note("rewrite", total, action, rule)
                self._findings.keep(action.text, action, "later rules see the changed packet")
                return None
        self._findings.keep(action.text, action, action.hint)
        if action.manner is Manner.FOREIGN:
            self._note(action.text.split()[0], total, action, rule)
            return Does.UNMODELLED
        known_end = action.manner is Manner.CONDITION or rule.statements[-1] is not action
        return None if known_end else Does.UNMODELLED

    def _note(self, kind: str, total: Alternatives, action: Action, rule: Rule) -> None:
        self._findings.notes.setdefault(
            (kind, rule.place.source, id(action)),
            [Note(kind, rule.text, action.place, _placed(each, rule)) for each in total],
        )


def _why(statement: Match | VerdictMap) -> str:
    if isinstance(statement, Match) and isinstance(statement.right, SetName):
        return "the set is filled while the ruleset runs"
    return ""


def _placed(match: Held, rule: Rule) -> Held:
    """Conditions know where they stand."""
    if not match.conditions:
        return match
    literals = tuple(
        Literal(_known(each.condition.text, rule.place), each.negated) for each in match.conditions
    )
    return replace(match, conditions=literals)


#: Statements with a memory of their own, draws by chance, and sets that rules may fill.
_COUNTED: Final = re.compile(
    r"(?:limit|quota|meter|flow|add|update|delete) |ct count |(?:.* )?numgen |[^@]*@"
)
_MARK: Final = re.compile(r"(?:meta |ct )?mark\b")


def _known(text: str, place: Place) -> Condition:
    """A condition that knows where it stands, and whether a second test may differ."""
    varies = Varies.MARKED if _MARK.match(text) else Varies.NEVER
    return Condition(text, place, Varies.COUNTED if _COUNTED.match(text) else varies)


def _nothing_follows(rule: Rule, number: int) -> None:
    """After a verdict only a comment may stand, for nft as for us."""
    for statement in rule.statements[number + 1 :]:
        if not (isinstance(statement, Action) and statement.text.startswith("comment")):
            raise SyntaxMistakeError(statement.place, "nothing can follow a verdict in a rule")

"""Read one rule: words of a line become a draft, a target and what was not understood.

Options are looked up in three steps. Those of iptables itself always count; those of a
modelled extension count when it was loaded, by ``-m`` or by ``-p`` (both may stand before
or after); all others belong to a module whose test becomes a condition, to the target, or
are unknown, and then are a condition and reported. A ``!`` may stand before an option or,
as old versions wrote it, before its argument.
"""

from collections.abc import Callable, Container
from typing import Final, NamedTuple

from callgate.dialects.iptables.reading.draft import Draft
from callgate.dialects.iptables.reading.grammar import EXTRA, MODELLED, VERBATIM, Module
from callgate.dialects.iptables.reading.groups import Group
from callgate.dialects.iptables.reading.ipset import Sets
from callgate.dialects.iptables.reading.targets import TARGETS, UNKNOWN_HINT, Target
from callgate.dialects.iptables.reading.tokens import quoted
from callgate.dialects.iptables.reading.values import Values
from callgate.flows import Family, IntervalSet
from callgate.places import Place
from callgate.rules import ANY_STATE, Action, Condition, ConnectionState, Literal, Varies

#: Extensions that look at one protocol, which the rule must ask for with ``-p``.
PROTOCOL_OF: Final = {
    "tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33, "icmp": 1, "icmp6": 58,
    "esp": 50, "ah": 51, "mh": 135, "ipcomp": 108,
}  # fmt: skip
_NAME_OF: Final = {number: name for name, number in PROTOCOL_OF.items()}
_UNKNOWN_OPTION: Final = Module({})


class Problem(NamedTuple):
    """Something that was not modelled: ``word`` is the index of its first word."""

    word: int
    text: str
    hint: str
    harmless: bool = False  # known, and of no weight where the rule decides nothing


class RuleReader:
    """Reads rules of one table, one at a time; the fields describe the last one."""

    def __init__(self, table: str, values: Values, chains: Container[str], sets: Sets) -> None:
        self.table = table
        self.values = values
        self.chains = chains
        self.sets = sets
        self.place = Place("")
        self._literals: dict[tuple[str, bool], Literal] = {}
        self._begin([], 0)

    def _begin(self, words: list[str], start: int) -> None:
        self.words = words
        self.index = start
        self.draft = Draft()
        self.problems: list[Problem] = []
        self.action = Action.CONTINUE
        self.target = ""
        self.note = ""
        self.family: Family | None = None
        self.protocol: IntervalSet | None = None  # what -p asks for
        self.loaded: set[str] = set()
        self.negated = False
        self._groups: list[Group] = []
        self._seen: set[str] = set()
        self._target: Target | None = None
        self._target_words: list[str] = []
        self._splits = 0

    def read(
        self, words: list[str], start: int, options: dict[str, tuple["Option", frozenset[str]]]
    ) -> None:
        """Read the words from an index on; ValueError says what iptables would refuse."""
        self._begin(words, start)
        while self.index < len(words):
            word = words[self.index]
            if word == "!":
                self._negate()
                continue
            known = options.get(word)
            if known is not None and (not known[1] or not known[1].isdisjoint(self.loaded)):
                self.index += 1
                known[0](self, word)
                if self.negated:
                    raise ValueError(f"a '!' before {word!r} means nothing")
            else:
                self._other(word)
        if self.negated:
            raise ValueError("a '!' at the end of the rule")
        self._finish()

    # --- what options use

    def argument(self) -> str:
        """The next word, after an old-style ``!`` if there is one."""
        try:
            word = self.words[self.index]
            if word == "!":
                self._negate()
                word = self.words[self.index]
        except IndexError:
            raise ValueError(f"{self.words[-1]!r} wants an argument") from None
        self.index += 1
        return word

    def taken_negation(self) -> bool:
        """Whether the option is negated; the ``!`` is used up."""
        negated, self.negated = self.negated, False
        return negated

    def once(self, option: str) -> None:
        """ValueError when an option stands in one rule twice."""
        if option in self._seen:
            raise ValueError(f"{option!r} stands here twice")
        self._seen.add(option)

    def literal(self, text: str, negated: bool, varies: Varies = Varies.NEVER) -> Literal:
        """The condition of that text, or its opposite; equal ones are one object."""
        key = text, negated
        if key not in self._literals:
            self._literals[key] = Literal(Condition(text, self.place, varies), negated)
        return self._literals[key]

    def condition(
        self,
        text: str,
        negated: bool,
        hint: str,
        *,
        harmless: bool = False,
        varies: Varies = Varies.NEVER,
    ) -> None:
        """Require something that we do not model, written at the current word."""
        self.draft.literals += (self.literal(text, negated, varies),)
        self.problem(self.index - 1, text, hint, harmless=harmless)

    def problem(self, index: int, text: str, hint: str, *, harmless: bool = False) -> None:
        """Note that something is not modelled."""
        self.problems.append(Problem(index - self._splits, text, hint, harmless))

    def load(self, module: str) -> None:
        """Open a match extension."""
        if module in MODELLED:
            self.loaded.add(module)
            return
        known = module in VERBATIM
        group = Group(["-m", module], VERBATIM.get(module, _UNKNOWN_OPTION), self.index - 1, known)
        self._groups.append(group)

    def imply(self, protocol: IntervalSet) -> None:
        """Open the extension of one protocol, as ``-p`` does."""
        name = _NAME_OF.get(protocol.lowest)
        if name is not None:
            self.loaded.add(name)

    def leave(self, target: str, action: Action) -> None:
        """Set where matching packets go: a chain, or what a target does."""
        self.once("-j")
        if target in self.chains:
            self.action, self.target = action, target
            return
        known = TARGETS.get(target) if action is Action.JUMP else None
        if known is None:
            self.action = Action.UNMODELLED
            self.problem(self.index - 1, target, UNKNOWN_HINT)
            self._target = Target(Action.UNMODELLED, ("--",))
            return
        self._target, self.action, self.note = known, known.action, known.note
        if known.action is Action.UNMODELLED:
            self.problem(self.index - 1, target, known.hint)

    # --- words that are no option of iptables' own

    def _negate(self) -> None:
        if self.negated:
            raise ValueError("two '!' in a row")
        self.negated = True
        self.index += 1

    def _other(self, word: str) -> None:
        if not word.startswith("-") or word == "-":
            raise ValueError(f"unexpected {word!r}")
        group = self._owner(word)
        if group is not None:
            self._take(group, group.module.options[word])
        elif self._split(word):
            return
        elif self._target is not None and word.startswith(self._target.prefixes):
            self._take_target()
        else:
            self._take_unknown(word)

    def _owner(self, word: str) -> Group | None:
        """The loaded module that an option belongs to, the last one first."""
        for group in reversed(self._groups):
            if group.takes(word):
                return group
        for module in sorted(self.loaded):
            extra = EXTRA.get(module) or VERBATIM.get(module)
            if extra is not None and word in extra.options:
                group = Group(["-m", module], extra, self.index)
                self._groups.append(group)
                return group
        return None

    def _take(self, group: Group, count: int) -> None:
        start = self.index
        self.index += 1
        arguments = [self.argument() for _ in range(count)]
        mark = ["!"] if self.taken_negation() else []
        group.parts.append([*mark, self.words[start], *arguments])

    def _take_target(self) -> None:
        if self.negated:
            raise ValueError(f"a '!' before {self.words[self.index]!r} means nothing")
        self._target_words += [self.words[self.index], *self._loose_arguments()]

    def _take_unknown(self, word: str) -> None:
        index = self.index
        mark = ["!"] if self.taken_negation() else []
        part = [*mark, word, *self._loose_arguments()]
        group = next((each for each in reversed(self._groups) if not each.known), None)
        if group is None:
            group = Group([], _UNKNOWN_OPTION, index, known=False)
            self._groups.append(group)
        group.parts.append(part)

    def _loose_arguments(self) -> list[str]:
        """Step over an option and over all that can only be its arguments."""
        start = self.index = self.index + 1
        while self.index < len(self.words):
            word = self.words[self.index]
            if word == "!" or (word.startswith("-") and len(word) > 1 and not word[1].isdigit()):
                break
            self.index += 1
        return self.words[start : self.index]

    def _split(self, word: str) -> bool:
        """Write ``--dport=22`` and ``-ptcp`` as two words, as getopt would."""
        if word.startswith("--"):
            option, equals, argument = word.partition("=")
            pair = [option, argument] if equals else []
        else:
            pair = [word[:2], word[2:]] if word[:2] in _SHORT and len(word) > 2 else []
        if pair:
            self.words[self.index : self.index + 1] = pair
            self._splits += 1
        return bool(pair)

    # --- the end of a rule

    def _finish(self) -> None:
        for module in self.loaded:
            number = PROTOCOL_OF.get(module)
            if number is not None and not self._asks_for(number):
                raise ValueError(f"'-m {module}' needs '-p {module}'")
        for group in self._groups:
            self._close(group)
        if self._is_notrack():
            self.note = "notrack"

    def _asks_for(self, number: int) -> bool:
        protocol = self.protocol
        return protocol is not None and protocol.intervals == ((number, number),)

    def _is_notrack(self) -> bool:
        return bool(self._target_words) and "--notrack" in self._target_words

    def _close(self, group: Group) -> None:
        certain = group.certain
        if certain is not None:
            self.draft.state &= ANY_STATE if certain else ConnectionState(0)
            return
        for text, negated in group.conditions():
            self.draft.literals += (self.literal(text, negated, group.varies),)
        words = [*group.head, *(word for part in group.parts for word in part)]
        hint = _KNOWN_HINT if group.known else _UNKNOWN_MODULE if group.head else _UNKNOWN_HINT
        self.problem(group.index, quoted(words), hint, harmless=group.known)


Option = Callable[[RuleReader, str], None]
_SHORT: Final = ("-s", "-d", "-p", "-i", "-o", "-j", "-g", "-m")
_KNOWN_HINT: Final = "decided when packets pass; answers depend on it"
_UNKNOWN_MODULE: Final = "a match that Callgate does not know; answers depend on it"
_UNKNOWN_HINT: Final = "an option of no match in this rule; answers depend on it"

"""What a reader met and did not model, with its place."""

from callgate.dialects.cisco.cursor import Unreadable
from callgate.dialects.cisco.lines import Line
from callgate.rules import Condition, Literal, Note, Unmodelled
from callgate.rules.match import Match


class Findings:
    """Collects what a :class:`~callgate.rules.Ruleset` says beside its chains."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._unmodelled: dict[Unmodelled, None] = {}
        self.notes: list[Note] = []

    @property
    def unmodelled(self) -> tuple[Unmodelled, ...]:
        """Everything reported, in order of place."""
        return tuple(sorted(self._unmodelled, key=lambda each: (each.place, each.text)))

    def report(self, line: Line, hint: str, word: int = 0) -> None:
        """A line that takes part in filtering, or may, and is not modelled."""
        self._unmodelled[Unmodelled(line.text, line.place(self.source, word), hint)] = None

    def unreadable(self, line: Line, error: Unreadable) -> None:
        """A line that could not be read, at the word where that came out."""
        self.report(line, error.message, error.word)

    def condition(self, line: Line, text: str, hint: str, word: int = 0) -> Literal:
        """A match that is not modelled: report it, and give the condition that it is."""
        place = line.place(self.source, word)
        self._unmodelled[Unmodelled(text, place, hint)] = None
        return Literal(Condition(text, place))

    def note(self, kind: str, line: Line, match: Match) -> None:
        """A line that may rewrite packets."""
        self.notes.append(Note(kind, line.text, line.place(self.source), match))

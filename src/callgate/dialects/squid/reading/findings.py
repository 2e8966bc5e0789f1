"""What a reader meets beside rules: mistakes, what is not modelled, what is wrong by itself."""

from callgate.dialects.squid.reading.lines import Statement, Value
from callgate.errors import Mistake
from callgate.places import Place
from callgate.rules import Addresses, Unmodelled
from callgate.rules.proxy import NameEntry
from callgate.verdicts import Finding, Line, Severity


class Findings:
    """Collects them in order of place."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.found: list[Finding] = []
        self.entries: list[NameEntry] = []
        self.clients: list[Addresses] = []
        self._unmodelled: dict[Unmodelled, None] = {}

    @property
    def unmodelled(self) -> tuple[Unmodelled, ...]:
        """Everything that is not modelled, each once."""
        return tuple(sorted(self._unmodelled, key=lambda each: (each.place, each.text)))

    def refuse(self, place: Place, message: str, hint: str | None = None) -> None:
        """Something that Squid does not start with, or that cannot be read at all."""
        self.mistakes.append(Mistake(place, message, hint))

    def report(self, what: Statement | Value, hint: str) -> None:
        """Something that may take part and is not modelled."""
        self._unmodelled[Unmodelled(what.text, what.place, hint)] = None

    def warn(self, kind: str, what: Statement | Value, message: str) -> None:
        """Something that is read and wrong by itself."""
        line = Line(what.place, what.text)
        self.found.append(Finding(kind, Severity.WARNING, message, line))

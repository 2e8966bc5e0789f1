"""What a reader met and did not model, with its place."""

from callgate.places import Place
from callgate.rules import Condition, Literal, Note, Unmodelled


class Findings:
    """Collects what a ruleset says beside its chains."""

    def __init__(self, unmodelled: list[Unmodelled]) -> None:
        self._unmodelled = dict.fromkeys(unmodelled)
        self.notes: list[Note] = []

    @property
    def unmodelled(self) -> tuple[Unmodelled, ...]:
        """Everything reported, in order of place."""
        return tuple(sorted(self._unmodelled, key=lambda each: (each.place, each.text)))

    def report(self, text: str, place: Place, hint: str) -> None:
        """Something that takes part in filtering, or may."""
        self._unmodelled[Unmodelled(text, place, hint)] = None

    def condition(self, text: str, place: Place, hint: str) -> Literal:
        """A match that may or may not hold."""
        self.report(text, place, hint)
        return Literal(Condition(text, place))

    def member(self, name: str, place: Place, hint: str) -> Literal:
        """That a packet is in an object or a group which cannot be followed."""
        return self.condition(f"it is in {name}", place, hint)

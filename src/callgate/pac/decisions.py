"""Which statement decided: the trace of a run, read with the probes that made it."""

from collections.abc import Sequence
from dataclasses import dataclass

from callgate.pac.probes import Kind, Probe
from callgate.places import Place
from callgate.verdicts import Line


@dataclass(frozen=True, slots=True)
class Held:
    """A condition that was true on the way, and the library's answers while it was asked."""

    line: Line
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The statement that gave the answer; ``statement`` None when the file's end did.

    ``held`` are the true conditions in the order in which they were met; ``failed`` counts
    the ones that were false.
    """

    statement: Line | None
    held: tuple[Held, ...]
    failed: int
    complete: bool = True

    @property
    def place(self) -> Place | None:
        """Where the statement stands."""
        return None if self.statement is None else self.statement.place


def decision(
    trace: Sequence[int | str], probes: Sequence[Probe], *, complete: bool = True
) -> Decision:
    """Read a trace; ``complete`` is False when it was too long to be kept whole."""
    statement: Line | None = None
    held: dict[Line, Held] = {}
    failed = 0
    calls: list[str] = []
    for step in trace:
        if isinstance(step, str):
            calls.append(step)
            continue
        probe = probes[abs(step) - 1]
        line = Line(probe.place, probe.text)
        if probe.kind is Kind.RETURN:
            if probe.entry or statement is None:
                statement = line
        elif probe.kind is Kind.CASE or step > 0:
            held[line] = Held(line, tuple(calls))
        else:
            failed += 1
        calls.clear()
    entries = any(probe.entry for probe in probes)
    if entries and not any(
        isinstance(step, int) and probes[abs(step) - 1].entry
        and probes[abs(step) - 1].kind is Kind.RETURN
        for step in trace
    ):  # fmt: skip
        statement = None
    return Decision(statement, tuple(held.values()), failed, complete)

"""The log of a run while it is written."""

import asyncio
from collections.abc import Callable

from callgate.probe.events import Broken, Event, Fact, Silent

Listener = Callable[[Event], None]


class Recorder:
    """Notes facts with the time since the run began; tells a listener, for live progress."""

    def __init__(self, listener: Listener | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = self._loop.time()
        self._listener = listener
        self.events: list[Event] = []

    def now(self) -> float:
        """Seconds since the run began."""
        return self._loop.time() - self._start

    def note(self, probe: str, attempt: int, fact: Fact) -> None:
        """Write one line."""
        event = Event(self.now(), probe, attempt, fact)
        self.events.append(event)
        if self._listener is not None:
            self._listener(event)


class Log:
    """One attempt's view of the recorder."""

    def __init__(self, recorder: Recorder, probe: str, attempt: int = 0) -> None:
        self._recorder = recorder
        self.probe, self.attempt = probe, attempt
        self._last: Fact | None = None

    def now(self) -> float:
        """Seconds since the run began."""
        return self._recorder.now()

    @property
    def silent(self) -> bool:
        """Whether the last line about this attempt says that nothing came."""
        return isinstance(self._last, Silent)

    @property
    def broken(self) -> bool:
        """Whether the last line about this attempt is a connection that ended."""
        return isinstance(self._last, Broken)

    def note(self, fact: Fact) -> None:
        """Write one line about this attempt."""
        self._last = fact
        self._recorder.note(self.probe, self.attempt, fact)

"""Work through many jobs, on several places side by side.

Each place (a whole lab, a measuring bench) is worked by a thread of its own; results come to
the caller's thread, in the order in which they are there.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from queue import SimpleQueue
from typing import Final, Generic, Protocol, TypeVar


class Interruptible(Protocol):
    """Where a job is done."""

    def interrupt(self) -> None:
        """From another thread: make what is under way fail."""


P = TypeVar("P", bound=Interruptible)
R = TypeVar("R")
_DONE: Final = None


def work_through(
    build: Callable[[], AbstractContextManager[P]],
    jobs: Iterable[Callable[[P], Iterable[R]]],
    places: int,
) -> Iterator[R]:
    """The results of every job; ``build`` makes a place for the length of a ``with`` body.

    When the caller stops, so do the places, at once. Whatever error ends one ends all.
    """
    crew = _Crew(build, jobs)
    threads = [threading.Thread(target=crew.work) for _ in range(places)]
    for thread in threads:
        thread.start()
    try:
        working = len(threads)
        while working:
            found = crew.results.get()
            if isinstance(found, BaseException):
                raise found
            if found is _DONE:
                working -= 1
            else:
                yield found
    finally:
        crew.stop()
        for thread in threads:
            thread.join()


class _Crew(Generic[P, R]):
    """What the threads share."""

    def __init__(
        self,
        build: Callable[[], AbstractContextManager[P]],
        jobs: Iterable[Callable[[P], Iterable[R]]],
    ) -> None:
        self.results: SimpleQueue[R | BaseException | None] = SimpleQueue()
        self._build = build
        self._jobs = deque(jobs)
        self._stopped = threading.Event()
        self._places: list[P] = []

    def work(self) -> None:
        """Until there is nothing left to do; an error goes to whoever waits."""
        try:
            with self._build() as place:
                self._places.append(place)
                with suppress(IndexError):  # from an empty deque
                    while not self._stopped.is_set():
                        self._do(place, self._jobs.popleft())
        except BaseException as error:
            self.results.put(error)
        else:
            self.results.put(_DONE)

    def stop(self) -> None:
        """End what is under way."""
        self._stopped.set()
        for place in self._places:
            place.interrupt()

    def _do(self, place: P, job: Callable[[P], Iterable[R]]) -> None:
        for result in job(place):
            self.results.put(result)
            if self._stopped.is_set():
                return

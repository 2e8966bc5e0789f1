"""Place many calls, on several stages side by side.

Each stage is a whole lab of its own and is worked by a thread of its own, so that a call shares
nothing with another but the machine. A call waits more than it works: two cores carry two.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from queue import SimpleQueue
from typing import Final

from callgate.lab.call import Call
from callgate.lab.stage import Stage

#: Makes a stage for the length of a ``with`` body.
Build = Callable[[], AbstractContextManager[Stage]]
#: Places a call on a stage.
Job = Callable[[Stage], Call]
_DONE: Final = None


def place_all(build: Build, jobs: Sequence[Job], stages: int) -> Iterator[tuple[int, Call]]:
    """Each call and the number of its job, in the order in which they end.

    When the caller stops, so do the stages, at once. Whatever error ends a stage ends all.
    """
    crew = _Crew(build, jobs)
    threads = [threading.Thread(target=crew.work) for _ in range(min(stages, len(jobs)))]
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


class _Crew:
    """What the threads share."""

    def __init__(self, build: Build, jobs: Sequence[Job]) -> None:
        self.results: SimpleQueue[tuple[int, Call] | BaseException | None] = SimpleQueue()
        self._build = build
        self._jobs = deque(enumerate(jobs))
        self._stopped = threading.Event()
        self._stages: list[Stage] = []

    def work(self) -> None:
        """Until there is nothing left to do; an error goes to whoever waits."""
        try:
            with self._build() as stage:
                self._stages.append(stage)
                with suppress(IndexError):  # from an empty deque
                    while not self._stopped.is_set():
                        number, job = self._jobs.popleft()
                        self.results.put((number, job(stage)))
        except BaseException as error:
            self.results.put(error)
        else:
            self.results.put(_DONE)

    def stop(self) -> None:
        """End what is under way."""
        self._stopped.set()
        for stage in self._stages:
            stage.interrupt()

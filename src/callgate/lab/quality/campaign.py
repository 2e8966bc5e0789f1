"""Run many cells, again when the machine spoiled one, on one bench or on several.

Each bench is worked by a thread of its own; results come to the caller's thread, in the
order in which they are there.
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Final

from callgate.lab.quality.bench import Bench
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Task

#: Times that a cell is tried before it is given up as void.
ATTEMPTS: Final = 4


def measure(tasks: Iterable[Task], seconds: int, benches: int) -> Iterator[Run]:
    """Every try of every task: those whose :meth:`Health.faults` are empty count.

    When the caller stops, so do the benches, at once. ToolError when a part of the lab
    fails.
    """
    crew = _Crew(tasks, seconds)
    threads = [threading.Thread(target=crew.work) for _ in range(benches)]
    for thread in threads:
        thread.start()
    try:
        working = benches
        while working:
            found = crew.results.get()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                working -= 1
            else:
                yield found
    finally:
        crew.stop()
        for thread in threads:
            thread.join()


class _Crew:
    """What the threads share."""

    def __init__(self, tasks: Iterable[Task], seconds: int) -> None:
        self.results: SimpleQueue[Run | BaseException | None] = SimpleQueue()
        self._tasks = deque(tasks)
        self._seconds = seconds
        self._stopped = threading.Event()
        self._benches: list[Bench] = []

    def work(self) -> None:
        """Until there is nothing left to do; an error goes to whoever waits."""
        try:
            with Bench() as bench:
                self._benches.append(bench)
                with suppress(IndexError):  # from an empty deque
                    while not self._stopped.is_set():
                        self._try(bench, self._tasks.popleft())
        except BaseException as error:
            self.results.put(error)
        else:
            self.results.put(None)

    def stop(self) -> None:
        """End what is under way."""
        self._stopped.set()
        for bench in self._benches:
            bench.interrupt()

    def _try(self, bench: Bench, task: Task) -> None:
        for _ in range(ATTEMPTS):
            run = bench.run(task, self._seconds)
            self.results.put(run)
            if not run.health.faults() or self._stopped.is_set():
                return

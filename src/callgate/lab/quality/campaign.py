"""Run many cells, again when the machine spoiled one, on one bench or on several."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from callgate.lab.quality.bench import Bench
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Task
from callgate.lab.side_by_side import work_through

#: Times that a cell is tried before it is given up as void.
ATTEMPTS: Final = 4


def measure(tasks: Iterable[Task], seconds: int, benches: int) -> Iterator[Run]:
    """Every try of every task: those whose :meth:`Health.faults` are empty count.

    When the caller stops, so do the benches, at once. ToolError when a part of the lab
    fails.
    """
    return work_through(Bench, [partial(_tries, task, seconds) for task in tasks], benches)


def _tries(task: Task, seconds: int, bench: Bench) -> Iterator[Run]:
    for _ in range(ATTEMPTS):
        run = bench.run(task, seconds)
        yield run
        if not run.health.faults():
            return

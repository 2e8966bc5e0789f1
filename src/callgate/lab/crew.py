"""Place many calls, on several stages side by side.

Each stage is a whole lab of its own, so that a call shares nothing with another but the
machine. A call waits more than it works: two cores carry two.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from callgate.lab.call import Call
from callgate.lab.side_by_side import work_through
from callgate.lab.stage import Stage

#: Makes a stage for the length of a ``with`` body.
Build = Callable[[], AbstractContextManager[Stage]]
#: Places a call on a stage.
Job = Callable[[Stage], Call]


def place_all(build: Build, jobs: Sequence[Job], stages: int) -> Iterator[tuple[int, Call]]:
    """Each call and the number of its job, in the order in which they end.

    When the caller stops, so do the stages, at once. Whatever error ends a stage ends all.
    """
    numbered = [partial(_numbered, number, job) for number, job in enumerate(jobs)]
    return work_through(build, numbered, min(stages, len(jobs)))


def _numbered(number: int, job: Job, stage: Stage) -> Iterator[tuple[int, Call]]:
    yield number, job(stage)

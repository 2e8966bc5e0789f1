"""Jobs are shared between stages, and one that fails ends them all."""

import threading
import time
from contextlib import contextmanager

import pytest

from callgate.errors import ToolError
from callgate.lab.crew import place_all


class Hall:
    """Builds stages that do nothing, and notes what becomes of them."""

    def __init__(self):
        self.built, self.left, self.interrupted = [], [], threading.Event()

    @contextmanager
    def build(self):
        self.built.append(self)
        try:
            yield self
        finally:
            self.left.append(self)

    def interrupt(self):
        self.interrupted.set()

    def wait(self):
        """A call that lasts until it is interrupted."""
        assert self.interrupted.wait(20), "it went on and on"
        raise ToolError("interrupted")


def test_every_job_is_done_once_on_as_many_stages_as_there_are_jobs_for():
    hall = Hall()
    jobs = [lambda stage, number=number: number * 10 for number in range(7)]
    assert sorted(place_all(hall.build, jobs, 3)) == [(n, n * 10) for n in range(7)]
    assert list(place_all(hall.build, jobs[:1], 3)) == [(0, 0)]
    assert len(hall.built) == len(hall.left) == 4


def test_stages_work_side_by_side():
    both = threading.Barrier(2, timeout=20)
    found = place_all(Hall().build, [lambda stage: both.wait() < 2] * 2, 2)
    assert [call for _, call in found] == [True, True]


def test_a_job_that_fails_ends_the_others_at_once():
    hall = Hall()

    def fail(stage):
        raise ToolError("no such thing")

    begun = time.monotonic()
    with pytest.raises(ToolError, match="no such thing"):
        list(place_all(hall.build, [Hall.wait, fail], 2))
    assert time.monotonic() - begun < 10
    assert len(hall.left) == len(hall.built)


def test_a_caller_who_has_enough_ends_them_too():
    hall = Hall()
    found = place_all(hall.build, [lambda stage: "first", Hall.wait, Hall.wait], 2)
    assert next(found) == (0, "first")
    found.close()
    assert hall.interrupted.is_set()
    assert len(hall.left) == len(hall.built)


def test_a_stage_that_cannot_be_built_is_an_error():
    @contextmanager
    def broken():
        raise ToolError("no namespaces")
        yield

    with pytest.raises(ToolError, match="no namespaces"):
        list(place_all(broken, [Hall.wait], 1))

"""Who runs what, how often, and how it ends; the bench itself is tried in tests/lab."""

import threading
from dataclasses import replace

import pytest

from callgate.errors import ToolError
from callgate.lab.quality import campaign
from callgate.lab.quality.campaign import ATTEMPTS, measure
from callgate.lab.quality.settings import Settings
from tests.support.quality import WELL, run

NAMES = ("audio-40ms-0%-udp", "audio-40ms-1%-udp", "audio-40ms-3%-udp")
ILL = replace(WELL, missed=1)


class Bench:
    """Answers at once, as it is told; keeps count of those that stand."""

    def __init__(self, answer):
        self.answer, self.stand = answer, set()
        self.most, self.interrupted = 0, threading.Event()

    def __call__(self):
        return self

    def __enter__(self):
        self.stand.add(threading.get_ident())
        self.most = max(self.most, len(self.stand))
        return self

    def __exit__(self, *_):
        self.stand.discard(threading.get_ident())

    def interrupt(self):
        self.interrupted.set()

    def run(self, task, seconds):
        assert seconds == 5
        return self.answer(self, task)


def tasks(repeat=1):
    cells = tuple(run(name, [20.0]).cell for name in NAMES)
    return list(Settings(cells, 5, 1, repeat, "6.1").tasks())


def made(task, health=WELL):
    return run(task.cell.name, [20.0], repetition=task.repetition, seed=task.seed, health=health)


@pytest.fixture
def bench(monkeypatch):
    def put(answer):
        fake = Bench(answer)
        monkeypatch.setattr(campaign, "Bench", fake)
        return fake

    return put


@pytest.mark.parametrize("benches", [1, 2, 3])
def test_every_task_is_run_once(bench, benches):
    fake = bench(lambda _, task: made(task))
    found = list(measure(tasks(repeat=3), 5, benches))
    assert sorted((each.cell.name, each.repetition, each.seed) for each in found) == sorted(
        (task.cell.name, task.repetition, task.seed) for task in tasks(repeat=3)
    )
    assert 1 <= fake.most <= benches
    assert not fake.stand


def test_what_the_machine_spoiled_is_run_again(bench):
    spoiled = {NAMES[1]: 2}

    def answer(_, task):
        left = spoiled.get(task.cell.name, 0)
        spoiled[task.cell.name] = left - 1
        return made(task, ILL if left > 0 else WELL)

    bench(answer)
    found = [(each.cell.name, bool(each.health.faults())) for each in measure(tasks(), 5, 1)]
    again = [(NAMES[1], True), (NAMES[1], True), (NAMES[1], False)]
    assert found == [(NAMES[0], False), *again, (NAMES[2], False)]


def test_what_stays_spoiled_is_given_up(bench):
    bench(lambda _, task: made(task, ILL))
    found = list(measure(tasks(), 5, 1))
    assert len(found) == ATTEMPTS * len(NAMES)
    assert all(each.health.faults() for each in found)


def test_an_error_ends_all_benches_and_is_the_callers(bench):
    def answer(fake, task):
        if task.cell.name == NAMES[0]:
            raise ToolError("coturn is gone")
        assert fake.interrupted.wait(10)
        raise ToolError("it was interrupted")

    fake = bench(answer)
    with pytest.raises(ToolError, match="coturn is gone"):
        list(measure(tasks(), 5, 2))
    assert not fake.stand


def test_a_caller_that_stops_ends_all_benches(bench):
    def answer(fake, task):
        if task.cell.name == NAMES[0]:
            return made(task)
        assert fake.interrupted.wait(10)
        raise ToolError("it was interrupted")

    fake = bench(answer)
    found = measure(tasks(), 5, 2)
    assert next(found).cell.name == NAMES[0]
    found.close()  # as a Ctrl-C does
    assert fake.interrupted.is_set()
    assert not fake.stand

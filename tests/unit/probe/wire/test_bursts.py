"""Bursts come after the probes, or beside those that stay silent, and always in time."""

import asyncio

import pytest

from callgate.probe.wire import run


@pytest.fixture
def bursts(monkeypatch):
    """The state of the tasks whenever a burst is tried; a run is over after 0.4 s."""
    monkeypatch.setattr(run, "RUN_DEADLINE", 0.4)
    monkeypatch.setattr(run, "BURST_WITHIN", 0.2)
    return []


def tried(monkeypatch, bursts, *probes):
    async def main():
        tasks = [asyncio.create_task(each()) for each in probes]

        async def try_bursts(plan, recorder):
            bursts.append([each.done() for each in tasks])

        monkeypatch.setattr(run, "try_bursts", try_bursts)
        began = asyncio.get_running_loop().time()
        await run._bursts(None, None, tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return asyncio.get_running_loop().time() - began

    return asyncio.run(main())


async def answered():
    pass


async def silent():
    await asyncio.Event().wait()


def test_after_all_have_ended(monkeypatch, bursts):
    assert tried(monkeypatch, bursts, answered, answered) < 0.2
    assert bursts == [[True, True]]


def test_beside_silence_while_there_is_time_for_it(monkeypatch, bursts):
    assert 0.2 <= tried(monkeypatch, bursts, answered, silent) < 0.4
    assert bursts == [[True, False]]

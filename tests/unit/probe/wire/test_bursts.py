"""Bursts come after the probes, or beside those that stay silent, and always in time."""

import asyncio
from dataclasses import replace

import pytest

from callgate.flows import Family
from callgate.probe.events import Burst, NoRoute, Opened, Refused, Silent, Step
from callgate.probe.targets import Plan, Way
from callgate.probe.wire import run
from callgate.probe.wire.bursts import try_bursts
from callgate.probe.wire.recorder import Recorder
from callgate.stun.values import Address
from tests.support.loopback import HOST, probe, serving


@pytest.fixture
def bursts(monkeypatch):
    """The state of the tasks whenever a burst is tried; a run is over after 0.4 s."""
    monkeypatch.setattr(run, "RUN_DEADLINE", 0.4)
    monkeypatch.setattr(run, "BURST_WITHIN", 0.2)
    return []


def tried(monkeypatch, bursts, *probes):
    async def main():
        tasks = [asyncio.create_task(each()) for each in probes]

        async def second_look(plan, recorder, *, everywhere=False):
            bursts.append([each.done() for each in tasks])

        async def portal(plan, recorder):
            pass

        monkeypatch.setattr(run, "try_bursts", second_look)
        monkeypatch.setattr(run, "look_for_portal", portal)
        began = asyncio.get_running_loop().time()
        await run._second_looks(None, None, tasks, everywhere=False)
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


def burst_after(*facts, number=0, everywhere=False, way=Way.TURN_TCP):
    """The bursts to a server that stood, after its other probe, by IPv6, saw these facts."""

    async def main():
        async def talk(reader, writer):
            await reader.read()

        async with serving(talk) as port:
            one, two = probe(way, port), replace(probe(way, port), id="other", family=Family.V6)
            recorder = Recorder()
            recorder.note(one.id, 0, Opened(Address(HOST, port), 0.01, number))
            for fact in facts:
                recorder.note(two.id, 0, fact)
            plan = Plan((one, two), (), (), ("path",))
            await try_bursts(plan, recorder, everywhere=everywhere)
            return [(e.fact.sent, e.fact.opened) for e in recorder.events if type(e.fact) is Burst]

    return asyncio.run(main())


ALL = [(10, 10)]


def test_a_syn_that_is_answered_late_is_followed_by_a_burst():
    assert burst_after(number=1) == ALL
    assert burst_after() == []


def test_a_syn_that_is_never_answered_is_followed_by_a_burst_to_who_answers():
    """A limit lets one connection through: who has one only, sees nothing of it."""
    assert burst_after(Silent(Step.REACH)) == ALL


@pytest.mark.parametrize(
    "fact",
    [
        Refused(Address("2001:db8::1", 3478), 0.01),
        NoRoute("2001:db8::1", "ENETUNREACH"),
        Silent(Step.REQUEST),
    ],
)
def test_what_is_no_silence_costs_the_server_nothing(fact):
    assert burst_after(fact) == []


def test_with_quality_everywhere():
    assert burst_after(everywhere=True) == ALL

"""What is measured under media, against a server that is strict about channels."""

import asyncio
from dataclasses import dataclass, field

import pytest

from callgate.flows import Family
from callgate.probe.events import Echoes, Idle, Load, OneWay
from callgate.probe.wire import media, pumping
from callgate.probe.wire.recorder import Recorder
from tests.support.probing import plan_for
from tests.support.turn_hub import Hub


@dataclass
class Relays:
    sessions: list = field(default_factory=list)
    able: bool = True


@dataclass
class Tools:
    """What a measurement uses of a run's tools."""

    recorder: Recorder
    relays: Relays
    families: tuple = (Family.V4,)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Streams of a moment: what is bound and what comes back does not depend on their length."""
    for name, seconds in (("_SECONDS", 0.1), ("_LOADED", 0.1), ("_IDLE", 0.01), ("_KNOCK", 0.05)):
        monkeypatch.setattr(media, name, seconds)
    monkeypatch.setattr(pumping, "_LINGER", 0.2)


def measured(*paths):
    """The hub and the facts, after a measurement with an allocation for each of these paths."""

    async def main():
        hub, plan = Hub(), plan_for(credentials=True, proxied=True)
        sessions = [
            hub.session(next(each for each in plan.probes if each.path == path)) for path in paths
        ]
        recorder = Recorder()
        await media.measure(plan, Tools(recorder, Relays(sessions)))
        return hub, [(each.probe, each.fact) for each in recorder.events]

    return asyncio.run(main())


def kinds(facts):
    return [type(fact) for _, fact in facts]


def test_no_peer_gets_a_second_channel():
    """RFC 8656 section 12.1; a server refuses it, and what needed it is not measured."""
    hub, facts = measured("udp-relay", "tcp-relay", "tls-relay")
    assert hub.refused == []
    for line in hub.lines:
        assert len(set(line.peers.values())) == len(line.peers)
    assert kinds(facts) == [Echoes, Echoes, Echoes, Idle, OneWay, OneWay, Load, Load]


def test_the_hub_refuses_what_a_strict_server_refuses():
    async def main():
        hub, plan = Hub(), plan_for()
        one, other = (hub.session(plan.probes[0]) for _ in range(2))
        await pumping.bind_channel(one, 0x4000, other.relayed)
        await pumping.bind_channel(one, 0x4000, other.relayed)  # a refresh
        for channel, peer in ((0x4001, other.relayed), (0x4000, one.relayed)):
            with pytest.raises(pumping.Ended):
                await pumping.bind_channel(one, channel, peer)
        return hub.refused

    assert len(asyncio.run(main())) == 2


def test_all_that_is_sent_comes_back_on_a_good_network():
    _, facts = measured("udp-relay", "tcp-relay")
    for _, fact in facts:
        if isinstance(fact, Echoes | Load):
            assert fact.round_trips
            assert None not in fact.round_trips
        elif isinstance(fact, OneWay):
            assert fact.sent == fact.arrived > 0
        else:
            assert fact == Idle(0.01, alive=True)
    assert {fact.kilobits for _, fact in facts if isinstance(fact, Load)} == {500}


@pytest.mark.parametrize(
    "paths", [("udp-relay",), ("tcp-relay",), ("udp-relay", "tcp-relay@proxy")]
)
def test_a_load_needs_udp_and_tcp_on_the_same_way(paths):
    _, facts = measured(*paths)
    assert Load not in kinds(facts)
    assert Echoes in kinds(facts)

"""A check of the other side is followed by one of ours at once."""

import asyncio

import pytest
from aioice import Candidate, stun
from aioice.ice import CandidatePair

from callgate.lab.echo import Echoes
from callgate.lab.ice import Prompt

State = CandidatePair.State


def candidate(host):
    found = Candidate("1", 1, "udp", 1, host, 45000, "host")
    found._network_host = host
    return found


class Side:
    """A protocol that notes which addresses it asks, and never gets an answer."""

    def __init__(self):
        self.local_candidate = candidate("203.0.113.1")
        self.asked = []

    async def request(self, message, address, integrity_key=None):
        self.asked.append(address)
        await asyncio.get_running_loop().create_future()


def session(*states):
    """A session that checks pairs, each in a state."""
    found, side = Prompt(ice_controlling=False), Side()
    found.remote_username = found.remote_password = "x"
    for number, state in enumerate(states, 1):
        remote = candidate(f"192.0.2.{number}")
        pair = CandidatePair(side, remote)
        found._check_list.append(pair)
        found._remote_candidates.append(remote)
        if state is State.IN_PROGRESS:
            found.check_start_task(pair)
        else:
            pair.state = state
    return found, side


async def asked_after_a_check(*states):
    """Whom a session asks when the first of its pairs has carried a check."""
    found, side = session(*states)
    await asyncio.sleep(0)
    side.asked.clear()
    first = found._check_list[0]
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    found.check_incoming(message, first.remote_addr, side)
    await asyncio.sleep(0)
    tasks = [pair.task for pair in found._check_list if pair.task]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return side.asked


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.WAITING, State.FROZEN, State.FAILED])
def test_a_pair_that_carried_a_check_is_checked_at_once_and_once(state):
    asked = asyncio.run(asked_after_a_check(state, State.IN_PROGRESS))
    assert asked == [("192.0.2.1", 45000)]


def test_one_that_works_already_is_not():
    assert asyncio.run(asked_after_a_check(State.SUCCEEDED)) == []


def test_the_media_server_is_prompt(monkeypatch):
    made = []

    async def stop(connection):
        made.append(connection)
        raise ConnectionError

    monkeypatch.setattr("callgate.lab.echo.describe", stop)
    with pytest.raises(ConnectionError):
        asyncio.run(Echoes().answer({}))
    assert [type(each) for each in made] == [Prompt]

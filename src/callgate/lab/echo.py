"""The media server's end of a light client's call: ICE, and every packet sent back."""

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

from aioice import Candidate, Connection

from callgate.lab import audio
from callgate.lab.ice import Prompt

#: Seconds that a client has to get through.
_PATIENCE: Final = 20.0


async def describe(connection: Connection) -> dict[str, Any]:
    """What the other side must know: credentials and candidates."""
    await connection.gather_candidates()
    return {
        "username": connection.local_username,
        "password": connection.local_password,
        "candidates": [each.to_sdp() for each in connection.local_candidates],
    }


async def accept(connection: Connection, description: dict[str, Any]) -> None:
    """Take the other side's description, which is complete."""
    connection.remote_username = description["username"]
    connection.remote_password = description["password"]
    for text in description["candidates"]:
        await connection.add_remote_candidate(Candidate.from_sdp(text))
    await connection.add_remote_candidate(None)


class Echoes:
    """Answers calls; holds on to their sessions.

    Each path that a client tries is an ICE session of its own, so none can be renominated
    into another.
    """

    def __init__(self) -> None:
        self._sessions: set[asyncio.Task[None]] = set()

    async def answer(self, offer: dict[str, Any]) -> dict[str, Any]:
        """The media server's description, for a client's."""
        connection = Prompt(ice_controlling=False)
        answer = await describe(connection)
        await accept(connection, offer)
        session = asyncio.create_task(_send_back(connection))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)
        return answer


async def _send_back(connection: Connection) -> None:
    try:
        # Whatever ends a session ends only this one: the client gives most of them up.
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(connection.connect(), _PATIENCE)
            while True:
                data = await connection.recv()
                await connection.send(audio.stamped(data, time.monotonic()))
    finally:
        await connection.close()

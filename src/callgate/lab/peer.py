"""The media server's end of a browser's call: WebRTC, with its audio sent back (aiortc).

The browser's audio is decoded and encoded again, as a conference does. On its data channel
it sends probes: each comes back with the time at which the vendor had it.
"""

import json
import time
from typing import Any, Final

from aioice.ice import CandidatePair, StunProtocol
from aioice.stun import Message
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, rtcicetransport
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcdatachannel import RTCDataChannel
from aiortc.sdp import candidate_from_sdp
from websockets.asyncio.server import ServerConnection

from callgate.lab.ice import Prompt

_MILLI: Final = 1000


class _Follower(Prompt):
    """An ICE session whose media follows the browser when that chooses another pair.

    A browser nominates again whenever a better pair works (RFC 8445 section 8.1.1 lets the
    controlling side). aioice stops its own checks with the first nomination, and would go
    on sending by that pair: the call's two directions would take different ways.
    """

    def check_incoming(
        self, message: Message, addr: tuple[str, int], protocol: StunProtocol
    ) -> None:
        super().check_incoming(message, addr, protocol)
        if "USE-CANDIDATE" not in message.attributes or not self._check_list_done:
            return
        for pair in self._check_list:
            if pair.protocol is protocol and pair.remote_addr == addr:
                # The browser has an answer from us on this pair, or it would not choose it.
                pair.state = CandidatePair.State.SUCCEEDED
                self._nominated[pair.component] = pair


# aiortc has no other place to choose the class of its ICE sessions.
rtcicetransport.Connection = _Follower  # type: ignore[attr-defined]


async def answer(socket: ServerConnection) -> None:
    """Answer a browser's call, for as long as its WebSocket is open."""
    # Without this list aiortc would ask a public STUN server.
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.on("track", lambda track: _send_back(connection, track))
    connection.on("datachannel", _turn_round)
    try:
        async for text in socket:
            message = json.loads(text)
            if message["kind"] == "offer":
                await connection.setRemoteDescription(
                    RTCSessionDescription(message["sdp"], "offer")
                )
                await connection.setLocalDescription(await connection.createAnswer())
                sdp = connection.localDescription.sdp
                await socket.send(json.dumps({"kind": "answer", "sdp": sdp}))
            else:
                await _add(connection, message["candidate"])
    finally:
        await connection.close()


def _send_back(connection: RTCPeerConnection, track: MediaStreamTrack) -> None:
    connection.addTrack(track)


async def _add(connection: RTCPeerConnection, found: dict[str, Any] | None) -> None:
    """Take one of the browser's candidates, or the news that there are no more."""
    if found is None:
        await connection.addIceCandidate(None)
        return
    candidate = candidate_from_sdp(found["candidate"].partition(":")[2])
    candidate.sdpMid = found["sdpMid"]
    candidate.sdpMLineIndex = found["sdpMLineIndex"]
    await connection.addIceCandidate(candidate)


def _turn_round(channel: RTCDataChannel) -> None:
    """Send each probe back with our time, in milliseconds since 1970 as a browser counts."""

    @channel.on("message")
    def message(text: str) -> None:
        probe = json.loads(text)
        channel.send(json.dumps(probe | {"turned": time.time() * _MILLI}))

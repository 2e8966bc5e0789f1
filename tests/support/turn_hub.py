"""A TURN server in memory, as strict about channels as RFC 8656 asks, and clients of it."""

import asyncio
from itertools import count

from callgate.probe.wire.lines import Ended
from callgate.probe.wire.relays import Session
from callgate.probe.wire.turn import Turn
from callgate.stun import (
    ChannelData,
    Framer,
    Kind,
    Message,
    Method,
    decode_unit,
    encode,
    encode_channel,
)
from callgate.stun.attributes import CHANNEL_NUMBER, ERROR_CODE, XOR_PEER_ADDRESS
from callgate.stun.values import Address, ErrorCode

_BAD_REQUEST = ErrorCode(400, "Bad Request")


class Hub:
    """Allocations that can send to each other. ``refused`` are bindings that it refused."""

    def __init__(self):
        self.lines = []
        self.refused = []
        self._ports = count(49000)

    def session(self, probe, host="203.0.113.20"):
        """An allocation for a probe, on a line of its kind."""
        line = HubLine(self, Address(host, next(self._ports)), datagrams=probe.way.datagrams)
        self.lines.append(line)
        now = asyncio.get_running_loop().time
        return Session(probe, Turn(line, now, None), line.relayed, Address("192.0.2.7", 50000))

    def bind(self, line, channel, peer):
        """Section 12.1: a channel has one peer, and a peer has one channel."""
        taken = line.peers.get(channel, peer) != peer
        doubled = any(number != channel for number, other in line.peers.items() if other == peer)
        if taken or doubled:
            self.refused.append((line.relayed, channel, peer))
            return False
        line.peers[channel] = peer
        return True

    def relay(self, line, data):
        """Send on what came by a channel; to a relay without a channel back it is lost."""
        peer = line.peers.get(data.channel)
        for other in self.lines:
            back = [number for number, known in other.peers.items() if known == line.relayed]
            if other.relayed == peer and back:
                other.deliver(encode_channel(ChannelData(back[0], data.data), stream=False))


class HubLine:
    """One client's way to the hub."""

    def __init__(self, hub, relayed, *, datagrams):
        self._hub, self.relayed, self.datagrams = hub, relayed, datagrams
        self.peers = {}
        self._bound = set()
        self._framer = Framer(range(0x4000, 0x5000))
        self._units = asyncio.Queue()

    def send(self, data):
        """What the client sends: a request to bind, or data."""
        units = [decode_unit(data)] if self.datagrams else self._framer.feed(data)
        for unit in units:
            if isinstance(unit, ChannelData):
                self._hub.relay(self, unit)
            elif unit.message.method is Method.CHANNEL_BIND:
                self.deliver(encode(self._answer(unit.message)))

    def _answer(self, asked):
        good = self._hub.bind(self, asked.get(CHANNEL_NUMBER), asked.get(XOR_PEER_ADDRESS))
        fields = () if good else (ERROR_CODE(_BAD_REQUEST),)
        kind = Kind.SUCCESS if good else Kind.ERROR
        return Message(asked.method, kind, asked.transaction, fields)

    def deliver(self, wire):
        """Something comes for the client."""
        self._units.put_nowait(decode_unit(wire))

    async def receive(self):
        """The next unit."""
        unit = await self._units.get()
        if isinstance(unit, ChannelData) and unit.channel not in self._bound:
            raise Ended("protocol", "a channel that the client did not bind")
        return unit

    def bind(self, channel):
        """The client takes data of this channel."""
        self._bound.add(channel)

    def close(self):
        """Nothing is held."""

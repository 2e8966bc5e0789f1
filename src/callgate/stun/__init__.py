"""STUN and TURN without a network: codec, framing and exchanges (RFC 8489, RFC 8656; pure)."""

from callgate.stun.channels import ChannelData, decode_channel, encode_channel
from callgate.stun.credentials import Challenge, Credentials
from callgate.stun.exchange import Again, Exchange, Redirected, Refused, Succeeded
from callgate.stun.faults import ProtocolError
from callgate.stun.framing import Framer, decode_unit
from callgate.stun.header import Kind, Method
from callgate.stun.message import Message, Received, Sealing, decode, encode
from callgate.stun.values import Address, ErrorCode

__all__ = [
    "Address",
    "Again",
    "Challenge",
    "ChannelData",
    "Credentials",
    "ErrorCode",
    "Exchange",
    "Framer",
    "Kind",
    "Message",
    "Method",
    "ProtocolError",
    "Received",
    "Redirected",
    "Refused",
    "Sealing",
    "Succeeded",
    "decode",
    "decode_channel",
    "decode_unit",
    "encode",
    "encode_channel",
]

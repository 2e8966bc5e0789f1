"""The six axes of a flow, and how far each one reaches.

Family first, because the length of an address depends on it. For ICMP the destination
port axis holds ``type * 256 + code``, and the source port axis is not constrained; for a
protocol that has no ports both port axes are unconstrained.
"""

from enum import IntEnum
from typing import Final


class Family(IntEnum):
    """Address family, by the version number in the packet's first four bits."""

    V4 = 4
    V6 = 6

    @property
    def bits(self) -> int:
        """Length of an address in bits."""
        return 32 if self is Family.V4 else 128

    def __str__(self) -> str:
        return f"IPv{self.value}"


class Protocol(IntEnum):
    """IP protocol numbers that Callgate speaks of by name (IANA, Protocol Numbers)."""

    ICMP = 1
    TCP = 6
    UDP = 17
    DCCP = 33
    ICMPV6 = 58
    SCTP = 132
    UDPLITE = 136

    def __str__(self) -> str:
        return {Protocol.ICMPV6: "icmpv6"}.get(self, self.name.lower())


PROTOCOL_MAX: Final = 255
PORT_MAX: Final = 65535
#: Protocols whose header begins with a source and a destination port.
PORTED: Final = frozenset(
    {Protocol.TCP, Protocol.UDP, Protocol.DCCP, Protocol.SCTP, Protocol.UDPLITE}
)
#: Protocols whose type and code stand on the destination port axis.
TYPED: Final = frozenset({Protocol.ICMP, Protocol.ICMPV6})
#: The source ports of a need: a client never calls from a well-known port.
EPHEMERAL: Final = (1024, PORT_MAX)

#: First slot of the destination axis that stands for a name instead of an address.
NAME_BASE: Final = 1 << 128
#: How many slots there are for names; those that no atom takes mean "another name".
NAME_SLOTS: Final = 1 << 16
NAME_LAST: Final = NAME_BASE + NAME_SLOTS - 1

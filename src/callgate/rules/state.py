"""Connection states, as netfilter's connection tracking names them."""

from enum import IntFlag
from typing import Final


class ConnectionState(IntFlag):
    """A set of states; a packet is in exactly one of them."""

    NEW = 1
    ESTABLISHED = 2
    RELATED = 4
    INVALID = 8
    UNTRACKED = 16


ANY_STATE: Final = ConnectionState(31)

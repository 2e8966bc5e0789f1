"""TUN devices: interfaces whose packets a program reads and writes (linux/if_tun.h)."""

import fcntl
import os
import struct
from pathlib import Path
from typing import Final

from callgate.netns.stepping import inside

_DEVICE: Final = Path("/dev/net/tun")
_TUNSETIFF: Final = 0x400454CA
_TUN: Final = 0x0001  # IP packets, no Ethernet header
_NO_PI: Final = 0x1000  # and nothing of the driver's before them


def open_tun(namespace: Path, interface: str) -> int:
    """A new TUN interface in a namespace, as a descriptor that does not block.

    The interface lives exactly as long as the descriptor. OSError when the kernel refuses
    (no driver, no right, the name is taken or too long).
    """
    request = struct.pack("16sH22x", interface.encode("ascii"), _TUN | _NO_PI)
    # The device belongs to the namespace in which it is opened.
    with inside(namespace):
        descriptor = os.open(_DEVICE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.ioctl(descriptor, _TUNSETIFF, request)
        except OSError:
            os.close(descriptor)
            raise
    return descriptor

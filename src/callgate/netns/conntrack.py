"""Forget all connections of a namespace (ctnetlink, linux/netfilter/nfnetlink_conntrack.h)."""

import errno
import os
import socket
import struct
from typing import Final

from callgate.errors import ToolError
from callgate.netns.namespaces import Namespace

_NETLINK_NETFILTER: Final = 12
_DELETE: Final = 1 << 8 | 2  # NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
_REQUEST_WITH_ACK: Final = 1 | 4
_HEADER: Final = "=IHHII"
#: Length, type, flags, sequence, port; then the nfgenmsg of every family and no filter.
_FLUSH: Final = struct.pack(_HEADER, 20, _DELETE, _REQUEST_WITH_ACK, 1, 0) + struct.pack(
    "=BBH", 0, 0, 0
)
#: What a kernel says that has no connection tracking loaded: nothing to forget.
_NO_TRACKING: Final = {errno.EINVAL, errno.EOPNOTSUPP}


def forget(namespace: Namespace) -> None:
    """Empty the table of connections; ToolError when the kernel refuses."""
    with namespace.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER) as link:
        link.settimeout(5)
        link.send(_FLUSH)
        reply = link.recv(4096)
    code = -struct.unpack_from("=i", reply, 16)[0]
    if code and code not in _NO_TRACKING:
        raise ToolError(f"connections cannot be forgotten: {os.strerror(code)}")

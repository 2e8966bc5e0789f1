"""TLS for a socket that must never block: records in and out as bytes (RFC 8446).

A socket of the module ``ssl`` would send as it likes. Here each packet becomes a record,
and the record is sent when the socket has room, as for plain TCP.
"""

import socket
import ssl
from pathlib import Path

_READ = 65536


class Plain:
    """No TLS: bytes are what they are."""

    def seal(self, data: bytes) -> bytes:
        """What to send for these bytes."""
        return data

    def open(self, data: bytes) -> bytes:
        """What was said in the bytes that came."""
        return data


class Tls:
    """A TLS client on a connected socket that still blocks; ssl.SSLError when it fails."""

    def __init__(self, stream: socket.socket, name: str, authority: Path) -> None:
        context = ssl.create_default_context(cafile=authority)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        while not self._shake():
            stream.sendall(self._out.read())
            self._in.write(stream.recv(_READ))
        stream.sendall(self._out.read())

    def seal(self, data: bytes) -> bytes:
        """One record with these bytes."""
        self._tls.write(data)
        return self._out.read()

    def open(self, data: bytes) -> bytes:
        """What was said in the records that have come whole."""
        self._in.write(data)
        said = b""
        try:
            while part := self._tls.read(_READ):
                said += part
        except ssl.SSLWantReadError:
            pass
        return said

    def _shake(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

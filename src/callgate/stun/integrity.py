"""What protects a message: two keyed hashes and a checksum (RFC 8489 sections 14.5 to 14.7).

Each is computed over everything before it, with a length in the header that already counts
it.
"""

import hmac
import struct
import zlib
from typing import Final

from callgate.stun.attributes import FINGERPRINT, MESSAGE_INTEGRITY, MESSAGE_INTEGRITY_SHA256
from callgate.stun.header import HEADER_BYTES

#: "STUN" in ASCII: tells a fingerprint from another protocol's CRC.
_CROSSING: Final = 0x5354554E
_SIZES: Final = {MESSAGE_INTEGRITY: 20, MESSAGE_INTEGRITY_SHA256: 32, FINGERPRINT: 4}
_HASHES: Final = {MESSAGE_INTEGRITY: "sha1", MESSAGE_INTEGRITY_SHA256: "sha256"}


def integrity(before: bytes, key: bytes, *, sha256: bool) -> bytes:
    """The value of MESSAGE-INTEGRITY(-SHA256) that follows these bytes."""
    which = MESSAGE_INTEGRITY_SHA256 if sha256 else MESSAGE_INTEGRITY
    return hmac.new(key, _counting(before, _SIZES[which]), _HASHES[which]).digest()


def fingerprint(before: bytes) -> int:
    """The value of FINGERPRINT that follows these bytes."""
    return zlib.crc32(_counting(before, _SIZES[FINGERPRINT])) ^ _CROSSING


def _counting(before: bytes, size: int) -> bytes:
    """The bytes with a length that counts one more attribute of this size."""
    length = len(before) - HEADER_BYTES + 4 + size
    return before[:2] + struct.pack("!H", length) + before[4:]

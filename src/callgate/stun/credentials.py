"""The long-term credential mechanism (RFC 8489 section 9.2).

A server that asks for credentials names a realm and a nonce. A nonce that begins with the
cookie ``obMatJos2`` tells which of the two newer features the server has, so that nobody on
the way can strip them: password algorithms (SHA-256 keys) and user names sent as a hash.
"""

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from callgate.stun.attributes import (
    NONCE,
    PASSWORD_ALGORITHM,
    PASSWORD_ALGORITHMS,
    REALM,
    USERHASH,
    USERNAME,
    Field,
)
from callgate.stun.faults import ProtocolError
from callgate.stun.message import Message, Sealing
from callgate.stun.values import PasswordAlgorithm

_COOKIE: Final = b"obMatJos2"
_MD5, _SHA256 = 1, 2
#: Bits of the 24 behind the cookie, counted from the right (RFC 8489 section 18.1).
_HAS_ALGORITHMS, _HAS_USERHASH = 1, 2


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password, which is kept out of every representation."""

    user: str
    password: str = field(repr=False)


def opaque_string(text: str) -> str:
    """Prepare a user name or password (OpaqueString, RFC 8265 section 4.2).

    ValueError for control characters, which no such string may have.
    """
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in spaced):
        raise ValueError("a control character in a user name or password")
    return unicodedata.normalize("NFC", spaced)


def userhash(user: str, realm: str) -> bytes:
    """What is sent in place of the user's name (RFC 8489 section 14.4)."""
    return hashlib.sha256(f"{opaque_string(user)}:{opaque_string(realm)}".encode()).digest()


def long_term_key(credentials: Credentials, realm: str, *, sha256: bool = False) -> bytes:
    """The key for integrity (RFC 8489 section 9.2.2)."""
    parts = (credentials.user, realm, credentials.password)
    joined = ":".join(opaque_string(each) for each in parts).encode()
    if sha256:
        return hashlib.sha256(joined).digest()
    return hashlib.md5(joined, usedforsecurity=False).digest()  # the RFC leaves no choice


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server demands: made from its 401 or 438."""

    realm: str
    nonce: bytes
    algorithms: tuple[PasswordAlgorithm, ...] = ()
    anonymous: bool = False

    def fields(self, credentials: Credentials) -> tuple[Field, ...]:
        """The attributes that answer it, to be put behind those of the request."""
        name = (
            USERHASH(userhash(credentials.user, self.realm))
            if self.anonymous
            else USERNAME(opaque_string(credentials.user))
        )
        found = [name, REALM(self.realm), NONCE(self.nonce)]
        if self._chosen is not None:
            found += [PASSWORD_ALGORITHMS(self.algorithms), PASSWORD_ALGORITHM(self._chosen)]
        return tuple(found)

    def sealing(self, credentials: Credentials) -> Sealing:
        """How the answer is protected. A server that knows algorithms gets SHA-256."""
        strong = self._chosen is not None and self._chosen.number == _SHA256
        key = long_term_key(credentials, self.realm, sha256=strong)
        return Sealing(key, sha256=self._chosen is not None)

    @property
    def _chosen(self) -> PasswordAlgorithm | None:
        """The first that both know, as the server's order is its preference."""
        known = (each for each in self.algorithms if each.number in {_MD5, _SHA256})
        return next(known, None)


def challenge(message: Message) -> Challenge:
    """Read a 401 or 438; ProtocolError when it lacks what it must have, or was tampered with."""
    realm, nonce = message.get(REALM), message.get(NONCE)
    if realm is None or nonce is None:
        raise ProtocolError("a challenge without realm or nonce")
    features = _features(nonce)
    algorithms = message.get(PASSWORD_ALGORITHMS) or ()
    # Section 9.2.5: the bit and the attribute come together, or somebody stripped one.
    if bool(features & _HAS_ALGORITHMS) is not bool(algorithms):
        raise ProtocolError("the nonce and the password algorithms contradict each other")
    if algorithms and not any(each.number in {_MD5, _SHA256} for each in algorithms):
        raise ProtocolError("no password algorithm that we know")
    return Challenge(realm, nonce, algorithms, bool(features & _HAS_USERHASH))


def _features(nonce: bytes) -> int:
    """The 24 bits behind the cookie; none without it."""
    if not nonce.startswith(_COOKIE):
        return 0
    encoded = nonce[len(_COOKIE) : len(_COOKIE) + 4]
    try:
        found = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ProtocolError("a nonce cookie without its features") from None
    if len(found) != 3:
        raise ProtocolError("a nonce cookie without its features")
    return int.from_bytes(found, "big")

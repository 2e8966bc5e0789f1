"""One request until it is answered: with credentials, a fresh nonce, or another server.

Theory of operation
-------------------

An :class:`Exchange` holds a request and what the server has demanded so far. It is pure:
the caller passes in a transaction id for each try, sends :meth:`Exchange.wire`, and shows
every message that comes to :meth:`Exchange.receive`, which says what to do:

=============  ===========================================================
``Succeeded``  the answer is a success, genuine if a key was used
``Again``      send once more, with a new transaction id
``Refused``    an error ends it; ``error.code`` 401 without credentials
               proves that the server is there and answers
``Redirected`` ask the server that ALTERNATE-SERVER names (300)
``None``       not an answer to this exchange: keep waiting
=============  ===========================================================

An answer that breaks the protocol raises :class:`ProtocolError`. Several transaction ids
may be under way at once, because requests over UDP are hedged.
"""

from dataclasses import dataclass, replace

from callgate.stun.attributes import ALTERNATE_DOMAIN, ALTERNATE_SERVER, ERROR_CODE
from callgate.stun.credentials import Challenge, Credentials, challenge
from callgate.stun.faults import ProtocolError
from callgate.stun.header import Kind
from callgate.stun.message import Message, Received, Sealing, encode
from callgate.stun.values import Address, ErrorCode

_TRY_ALTERNATE, _UNAUTHENTICATED, _STALE_NONCE = 300, 401, 438
#: A server may give out nonces that are stale at once; this many are enough.
_STALE_MAX = 3


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The request was granted."""

    message: Message


@dataclass(frozen=True, slots=True)
class Again:
    """The request must be sent again: the challenge is known now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server answered, and the answer is no."""

    error: ErrorCode


@dataclass(frozen=True, slots=True)
class Redirected:
    """The server sends us to another one; ``domain`` is the name to expect there, if given."""

    server: Address
    domain: str = ""


Step = Succeeded | Again | Refused | Redirected


class Exchange:
    """A request, and the state of asking for it."""

    def __init__(
        self,
        request: Message,
        credentials: Credentials | None = None,
        known: Challenge | None = None,
    ) -> None:
        self._request = request
        self._credentials = credentials
        self._challenge = known
        self._transactions: set[bytes] = set()
        self._stale = 0

    @property
    def known(self) -> Challenge | None:
        """The latest challenge, for the next exchange with the same server."""
        return self._challenge

    def wire(self, transaction: bytes) -> bytes:
        """The bytes to send with this transaction id."""
        self._transactions.add(transaction)
        message = replace(self._request, transaction=transaction)
        if self._challenge is None or self._credentials is None:
            return encode(message)
        fields = message.fields + self._challenge.fields(self._credentials)
        return encode(replace(message, fields=fields), self._sealing)

    def receive(self, received: Received) -> Step | None:
        """What this message means for us; None when it is not for us."""
        message = received.message
        if message.transaction not in self._transactions:
            return None
        if message.kind in {Kind.REQUEST, Kind.INDICATION}:
            raise ProtocolError(f"a {message.kind} with our transaction id")
        if message.method is not self._request.method:
            raise ProtocolError(f"{message} to a request for {self._request.method}")
        if message.incomprehensible:
            numbers = ", ".join(f"{each:#06x}" for each in message.incomprehensible)
            raise ProtocolError(f"an answer that must be understood and cannot be: {numbers}")
        if message.kind is Kind.SUCCESS:
            return self._succeeded(received)
        return self._failed(message)

    def _succeeded(self, received: Received) -> Step:
        if self._challenge is not None and self._credentials is not None:
            sealing = self._sealing
            if not received.genuine(sealing.key or b"", sha256=sealing.sha256):
                raise ProtocolError("a success that the server did not sign with our key")
        return Succeeded(received.message)

    def _failed(self, message: Message) -> Step:
        error = message.get(ERROR_CODE)
        if error is None:
            raise ProtocolError("an error without a code")
        if error.code == _TRY_ALTERNATE:
            server = message.get(ALTERNATE_SERVER)
            if server is None:
                raise ProtocolError("300 without another server")
            return Redirected(server, message.get(ALTERNATE_DOMAIN) or "")
        if self._credentials is None or error.code not in {_UNAUTHENTICATED, _STALE_NONCE}:
            return Refused(error)
        return self._challenged(error, message)

    def _challenged(self, error: ErrorCode, message: Message) -> Step:
        """401 once is a question, twice a no; 438 brings a fresh nonce."""
        if error.code == _UNAUTHENTICATED and self._challenge is not None:
            return Refused(error)
        self._stale += error.code == _STALE_NONCE
        if self._stale > _STALE_MAX:
            return Refused(error)
        self._challenge = challenge(message)
        # Answers to requests without it would look like a second 401.
        self._transactions.clear()
        return Again()

    @property
    def _sealing(self) -> Sealing:
        if self._challenge is None or self._credentials is None:
            return Sealing()
        return self._challenge.sealing(self._credentials)

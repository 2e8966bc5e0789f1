"""What is wrong with bytes that should have been STUN."""

from callgate.errors import CallgateError


class ProtocolError(CallgateError):
    """The other side breaks RFC 8489 or RFC 8656; ``message`` says how."""

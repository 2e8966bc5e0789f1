"""Domain patterns: one host name, or every name below a domain.

The document's ``*.goto.com`` means every name below goto.com *at any depth and not the
apex*. How a product reads the same words is the business of that product's matcher, not
of this module.

Names are kept in the form that travels in DNS: lower case, ASCII (IDNA A-labels), no
trailing dot (RFC 1035 section 2.3, RFC 5890).
"""

import re
from dataclasses import dataclass

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NAME_MAX = 253


def normalise(name: str) -> str:
    """Lower-case A-label form of a host name; ValueError says what is wrong with it."""
    text = name.removesuffix(".").lower()
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ValueError(f"not a domain name: {name!r}: {error}") from None
    if not text or len(text) > _NAME_MAX:
        raise ValueError(f"not a domain name: {name!r}: 1 to {_NAME_MAX} characters are allowed")
    for label in text.split("."):
        if not _LABEL.fullmatch(label):
            raise ValueError(f"not a domain name: {name!r}: bad label {label!r}")
    if text.rpartition(".")[2].isdigit():
        raise ValueError(f"not a domain name but an address: {name!r}")
    return text


@dataclass(frozen=True, order=True, slots=True)
class DomainPattern:
    """``base`` alone, or with ``below`` every name under it at any depth, not the apex."""

    base: str
    below: bool = False

    @classmethod
    def parse(cls, text: str) -> "DomainPattern":
        """Read ``apis.google.com`` or ``*.goto.com``; ValueError when it is neither."""
        stripped = text.strip()
        below = stripped.startswith("*.")
        return cls(normalise(stripped[2:] if below else stripped), below)

    def __str__(self) -> str:
        return f"*.{self.base}" if self.below else self.base

    def matches(self, host: str) -> bool:
        """Whether a host name (any case, with or without trailing dot) is covered."""
        name = host.removesuffix(".").lower()
        return name.endswith("." + self.base) if self.below else name == self.base

    def covers(self, other: "DomainPattern") -> bool:
        """Whether every name of the other pattern is also a name of this one."""
        if self == other:
            return True
        return self.below and other.base.endswith("." + self.base)

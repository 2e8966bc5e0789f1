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
#: A name that ends in one of these is read as an IPv4 address (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAME_MAX = 253


def normalise(name: str) -> str:
    """Lower-case A-label form of a host name; ValueError says what is wrong with it."""
    text = name.removesuffix(".").lower()
    if not text.isascii():
        text = _a_labels(text)
    if not text or len(text) > _NAME_MAX:
        raise ValueError(f"not a domain name: {name!r}: 1 to {_NAME_MAX} characters are allowed")
    for label in text.split("."):
        if not _LABEL.fullmatch(label):
            raise ValueError(f"not a domain name: {name!r}: bad label {label!r}")
    if _NUMBER.fullmatch(text.rpartition(".")[2]):
        raise ValueError(f"not a domain name but an address: {name!r}")
    return text


def _a_labels(text: str) -> str:
    try:
        encoded = text.encode("idna")
        back = encoded.decode("idna")
    except UnicodeError as error:
        raise ValueError(f"not a domain name: {text!r}: {error}") from None
    if back != text:
        # "ß" and its like are one name in IDNA2003 and another one in IDNA2008.
        raise ValueError(f"ambiguous domain name {text!r}: write it as A-labels (xn--…)")
    return encoded.decode("ascii")


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
        if not self.below:
            return name == self.base
        return name.endswith("." + self.base) and name[0] != "."

    def covers(self, other: "DomainPattern") -> bool:
        """Whether every name of the other pattern is also a name of this one."""
        if self == other:
            return True
        return self.below and other.base.endswith("." + self.base)

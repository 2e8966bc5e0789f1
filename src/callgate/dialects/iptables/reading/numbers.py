"""Ports, protocols and ICMP types as iptables writes them, as sets.

Each reader returns None for "every one" (no constraint) and raises ValueError with a
sentence where iptables would refuse, UnknownWordError where only the target knows a name.
"""

import re
from typing import Final

from callgate.dialects.registries import icmp_type, protocol_number, service_port
from callgate.flows import Family, IntervalSet
from callgate.flows.boxes import ANY_PORT, ANY_PROTOCOL

_NUMBER: Final = re.compile(r"[0-9]+")
#: The type that stands for every ICMP type (``--icmp-type any``, saved as 255).
_ANY_TYPE: Final = frozenset({"any", "255", "255/255"})


class UnknownWordError(ValueError):
    """A name that may be right on the target, and that we do not know."""


def ports(text: str) -> IntervalSet | None:
    """``443``, ``1024:65535``, ``:1023``, ``ssh``, or a list of those by commas.

    A range that is upside down holds no port, as in the kernel.
    """
    if text.isdecimal():
        # Most are written like this, and a long list has tens of thousands.
        port = _port(text)
        return IntervalSet(((port, port),))
    if "," not in text:
        low, high = _span(text)
        found = IntervalSet(((low, high),)) if low <= high else IntervalSet.EMPTY
        return None if found == ANY_PORT else found
    spans = map(_span, text.split(","))
    found = IntervalSet.of(*((low, high) for low, high in spans if low <= high))
    return None if found == ANY_PORT else found


def protocols(text: str) -> IntervalSet | None:
    """``tcp``, ``6``; ``all`` and ``0`` are every protocol."""
    if text.lower() == "all" or text == "0":
        return None
    number = protocol_number(text)
    if number is None:
        raise _unknown("protocol", text, 255)
    return IntervalSet.points((number,))


def icmp_types(text: str, family: Family) -> IntervalSet | None:
    """``8``, ``3/4``, ``echo-request`` or ``any``, on the destination port axis."""
    if family is Family.V4 and text.lower() in _ANY_TYPE:
        return None
    found = icmp_type(text, family)
    if found is None:
        raise _unknown("ICMP type", text, 255)
    kind, code = found
    low = kind * 256 + (code or 0)
    return IntervalSet(((low, low if code is not None else low + 255),))


def others(values: IntervalSet, *, protocol: bool = False) -> IntervalSet:
    """The ports (or ICMP types, or protocols) that are not in a set."""
    return (ANY_PROTOCOL if protocol else ANY_PORT) - values


def _span(text: str) -> tuple[int, int]:
    low_text, colon, high_text = text.partition(":")
    low = _port(low_text) if low_text or not colon else 0
    high = low if not colon else _port(high_text) if high_text else 65535
    return low, high


def _port(text: str) -> int:
    port = service_port(text)
    if port is None:
        raise _unknown("port", text, 65535)
    return port


def _unknown(what: str, text: str, maximum: int) -> ValueError:
    if not text or _NUMBER.fullmatch(text):
        return ValueError(f"{text!r} is no {what} (0 to {maximum})")
    return UnknownWordError(f"unknown {what} {text!r}")

"""The named formats of the site's schema, beside those that it shares with profiles."""

from collections.abc import Callable
from typing import Final

from callgate.policy.site_values import parse_endpoint, parse_proxy, parse_service
from callgate.profiles.documents import shown
from callgate.profiles.formats import FORMATS

#: Names end up in comments and file names of every target: nothing there may end a string.
_NAME_MARKS: Final = frozenset(" ._-")
_NAME_MAX: Final = 64
#: Chains and tables: what nftables and iptables both take unquoted.
_CHAIN_MARKS: Final = frozenset("_.-")
_CHAIN_MAX: Final = 128
#: Zones, interfaces and rules of devices: ``ge-0/0/0.0``, ``L3 trust``, ``port1``.
_DEVICE_MARKS: Final = frozenset(" ._-:/")
_DEVICE_MAX: Final = 63


def check_name(text: str) -> None:
    """A name of letters (of any script), digits, spaces and ``._-``."""
    for char in text:
        if not char.isalnum() and char not in _NAME_MARKS:
            raise ValueError(f"a name with {shown(repr(char))}; letters, digits, spaces and . _ -")
    if not text.strip() or len(text) > _NAME_MAX:
        raise ValueError(f"not a name: {shown(text)!r}; 1 to {_NAME_MAX} characters")


def check_chain(text: str) -> None:
    """A chain's name: ASCII letters, digits and ``_.-``, a letter or ``_`` first."""
    fits = text.isascii() and all(char.isalnum() or char in _CHAIN_MARKS for char in text)
    if not fits or not text or len(text) > _CHAIN_MAX or not (text[0].isalpha() or text[0] == "_"):
        raise ValueError(f"not the name of a table or chain: {shown(text)!r}")


def check_table(text: str) -> None:
    """A table's name, for nftables after its family and one space."""
    words = text.split(" ")
    if len(words) > 2:
        raise ValueError(f"not a table: {shown(text)!r}; `filter`, or `inet filter` for nftables")
    for word in words:
        check_chain(word)


def check_device_name(text: str) -> None:
    """A zone, interface or rule of a device: ASCII letters, digits, ``._-:/`` and spaces."""
    fits = text.isascii() and all(char.isalnum() or char in _DEVICE_MARKS for char in text)
    if not fits or text != text.strip() or not 0 < len(text) <= _DEVICE_MAX:
        raise ValueError(
            f"not a name on a device: {shown(text)!r}; 1 to {_DEVICE_MAX} ASCII letters, digits, "
            "spaces and . _ - : /"
        )


def check_option_text(text: str) -> None:
    """The value of a dialect's option: one line of printable ASCII without quotes."""
    if not text or not text.isascii() or not text.isprintable() or set(text) & set("\"'`\\"):
        raise ValueError(f"not the value of an option: {shown(text)!r}; plain ASCII, no quotes")


def check_none(text: str) -> None:
    """The word ``none``."""
    if text != "none":
        raise ValueError(f"expected a mapping or `none`, found the text {shown(text)!r}")


def _parses(parse: Callable[[str], object]) -> Callable[[str], None]:
    def check(text: str) -> None:
        parse(text)

    return check


#: Name in the schema -> check.
SITE_FORMATS: Final = {
    **FORMATS,
    "name": check_name,
    "chain": check_chain,
    "table": check_table,
    "none": check_none,
    "device-name": check_device_name,
    "option-text": check_option_text,
    "proxy": _parses(parse_proxy),
    "endpoint": _parses(parse_endpoint),
    "service": _parses(parse_service),
}

"""The named formats of our schemas: what a shape cannot say of one value.

Each function returns nothing and raises ValueError with ``what is wrong; what to do``.
A text that may also say that it is not there (``unstated``, ``unpublished``) has a format
of its own, so that a typo in the word is not taken for a value.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

from callgate.flows import PortRange
from callgate.flows.prefixes import parse_network
from callgate.names import DomainPattern
from callgate.names.patterns import normalise
from callgate.profiles.documents import control_character, shown
from callgate.profiles.model import Absent

_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_ID_MAX = 64
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_DECIMAL = re.compile(r"[0-9]{1,9}")
_URL = re.compile(r"https://[!-~]+")
_ABSENT: Final = frozenset(str(each) for each in Absent)


def check_id(text: str) -> None:
    """A stable id: lower-case words and digits, joined by ``-`` or ``.``."""
    if not _ID.fullmatch(text) or len(text) > _ID_MAX:
        raise ValueError(
            f"not an id: {shown(text)!r}; lower-case letters and digits, joined by - or ."
        )


def check_version(text: str) -> None:
    """Numbers joined by dots."""
    if not _VERSION.fullmatch(text):
        raise ValueError(f"not a version: {shown(text)!r}; numbers joined by dots: '2.1'")


def check_line(text: str) -> None:
    """Text of one line, without control or invisible characters, not empty."""
    if "\n" in text:
        raise ValueError("a line break in a text of one line; fold it with >- instead of | or >")
    bad = control_character(text)
    if bad is not None:
        raise ValueError(f"control character U+{ord(bad):04X} in a text")
    hidden = next((char for char in text if unicodedata.category(char) == "Cf"), None)
    if hidden is not None:
        # It can make a comment in generated rules read as something else.
        raise ValueError(f"invisible character U+{ord(hidden):04X} in a text")
    if not text.strip():
        raise ValueError("an empty text")


def check_network(text: str) -> None:
    """A network or an address, without host bits."""
    parse_network(text)


def check_domain(text: str) -> None:
    """A host name, or ``*.`` before one."""
    DomainPattern.parse(text)


def check_ports(text: str) -> None:
    """A port from 1 to 65535, or a range ``45000-49999``."""
    numbers = text.split("-")
    if not all(_DECIMAL.fullmatch(each) for each in numbers) or len(numbers) > 2:
        raise ValueError(f"not a port or a range of ports: {shown(text)!r}; 443 or 45000-49999")
    for each in numbers:
        if not 1 <= int(each) <= 65535:
            raise ValueError(f"not a port: {each}; ports are 1 to 65535")
    if len(numbers) == 2 and int(numbers[0]) > int(numbers[1]):
        raise ValueError(
            f"a range that is reversed: {text}; did you mean {'-'.join(numbers[::-1])}?"
        )
    PortRange.parse(text)


def check_port(text: str) -> None:
    """One port."""
    check_ports(text)
    if "-" in text:
        raise ValueError(f"a range where one port belongs: {text}")


def check_host(text: str) -> None:
    """A host name, without ``*.``."""
    normalise(text)


def check_date(text: str) -> None:
    """An ISO 8601 date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"not a date: {shown(text)!r}; write it as 2026-01-31") from None


def check_url(text: str) -> None:
    """An https address."""
    if not _URL.fullmatch(text):
        raise ValueError(f"not an https URL: {shown(text)!r}")


def check_absent(text: str) -> None:
    """Nothing but the words for what is not there."""
    if text not in _ABSENT:
        raise ValueError(f"{shown(text)!r} is neither a list nor unstated nor unpublished")


def _or_absent(check: Callable[[str], None]) -> Callable[[str], None]:
    def either(text: str) -> None:
        if text not in _ABSENT:
            check(text)

    return either


#: Name in the schemas -> check.
FORMATS: Final[dict[str, Callable[[str], None]]] = {
    "id": check_id,
    "version": check_version,
    "line": check_line,
    "network": check_network,
    "domain-pattern": check_domain,
    "ports": check_ports,
    "absent": check_absent,
    "line-or-absent": _or_absent(check_line),
    "date-or-absent": _or_absent(check_date),
    "url-or-absent": _or_absent(check_url),
    "host-or-absent": _or_absent(check_host),
    "port-or-absent": _or_absent(check_port),
}

"""What a PAC file is asked about a profile's domains: names, look-alikes and strangers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from callgate.names import DomainPattern
from callgate.pac.readers import Reader


class Role(Enum):
    """What a host is to the application."""

    NAME = "name"  # the application's: it must go the application's way
    APEX = "apex"  # the domain itself, which "*." does not cover
    VARIANT = "variant"  # the application's, written as few clients do: trailing dot, case
    LOOK_ALIKE = "look-alike"  # somebody else's, made to be taken for the application's
    OTHER = "other"  # everything else

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Question:
    """A URL and host as the client hands them to ``FindProxyForURL``."""

    role: Role
    pattern: DomainPattern | None
    url: str
    host: str


#: Six labels deep: no product's matcher may stop before.
_DEEP = "a.b.c.d.e.f"
_STRANGERS = (
    "https://www.example.com/",
    "https://example.net/",
    "http://192.0.2.1/",
    "https://[2001:db8::1]/",
    "http://intranet/",
)


def questions(patterns: Iterable[DomainPattern], reader: Reader) -> Iterator[Question]:
    """Everything to ask, in the order in which it is reported."""
    for pattern in patterns:
        for role, url in _about(pattern):
            yield Question(role, pattern, *reader.shown(url))
        upper = _name(pattern).upper()
        yield Question(Role.VARIANT, pattern, f"https://{upper}/", upper)
    for url in _STRANGERS:
        yield Question(Role.OTHER, None, *reader.shown(url))


def _about(pattern: DomainPattern) -> Iterator[tuple[Role, str]]:
    base, name = pattern.base, _name(pattern)
    yield Role.NAME, f"https://{name}/"
    yield Role.NAME, f"wss://{name}/"
    if pattern.below:
        yield Role.NAME, f"https://x.{name}/"
        yield Role.NAME, f"https://{_DEEP}.{base}/"
        yield Role.APEX, f"https://{base}/"
    yield Role.VARIANT, f"https://{name}./"
    yield Role.LOOK_ALIKE, f"https://evil-{base}/"
    yield Role.LOOK_ALIKE, f"https://evil{base}/"
    yield Role.LOOK_ALIKE, f"https://{base}.evil.example/"
    yield Role.LOOK_ALIKE, f"https://{name}.evil.example/"
    yield Role.LOOK_ALIKE, f"http://evil.example/{name}"
    yield Role.LOOK_ALIKE, f"http://evil.example/?https://{name}/"


def _name(pattern: DomainPattern) -> str:
    return f"meet.{pattern.base}" if pattern.below else pattern.base

r"""mitmproxy's ``ignore_hosts``: regular expressions that are searched in ``host:port``.

The product's engine is Python's ``re``, so :meth:`MitmproxyIgnoreHosts.matches` asks the
same engine and is no model at all. Reading a foreign expression back is another matter:
only the shapes that we write, and the usual ``(^|\.)goto\.com:443$``, are understood.
"""

import re
from typing import ClassVar, Final

from callgate.names.matchers.model import Confirmed, Matcher, Reading, Traits, named, unmodelled
from callgate.names.patterns import DomainPattern

_BELOW: Final = r"^(?:[^.:]+\.)+"
_ITSELF: Final = "^"
_BOTH: Final = r"(^|\.)"
#: What may stand before the name -> how many labels that allows.
_FRONTS: Final[dict[str, tuple[int, int | None]]] = {
    _BELOW: (1, None),
    _BOTH: (0, None),
    r"(?:^|\.)": (0, None),
    _ITSELF: (0, 0),
}
_NAME: Final = re.compile(r"(?P<name>[A-Za-z0-9_-]+(?:\\\.[A-Za-z0-9_-]+)*)(?:\\\.\?)?(?P<rest>.*)")
_PORTS: Final = re.compile(r":(?:\d+|\(\?:\d+(?:\|\d+)*\))\$")


class MitmproxyIgnoreHosts(Matcher):
    """Hosts of CONNECT, of SNI and of the address, each with its port; case is ignored."""

    traits: ClassVar[Traits] = Traits(
        id="mitmproxy",
        title="mitmproxy ignore_hosts",
        apex="no",
        depth="any",
        case="ignored",
        trailing_dot="entry: as written; host: allowed as we write it",
        slash="no slash",
        grammar="a regular expression, searched in HOST:PORT",
        source="https://docs.mitmproxy.org/stable/howto-ignoredomains/",
        confirmed=Confirmed.MEASURED,
        note="without ^ and escaped dots, goto.com takes evil-goto.com along",
    )

    def __init__(self, ports: tuple[int, ...] = (443,)) -> None:
        self._ports = ports

    def entries_for(self, pattern: DomainPattern) -> tuple[str, ...]:
        """An expression that is anchored at both ends."""
        front = _BELOW if pattern.below else _ITSELF
        name = pattern.base.replace(".", r"\.")
        ports = "|".join(str(port) for port in self._ports)
        return (rf"{front}{name}\.?:{ports if len(self._ports) == 1 else f'(?:{ports})'}$",)

    def read(self, entry: str) -> Reading:
        """The shapes that are named above."""
        for front, (least, most) in _FRONTS.items():
            found = _NAME.fullmatch(entry.removeprefix(front)) if entry.startswith(front) else None
            if found is not None and _PORTS.fullmatch(found["rest"]):
                return named(found["name"].replace(r"\.", "."), least, most)
        return unmodelled("an expression of another shape than (^|\\.)NAME:PORT$")

    def matches(self, entry: str, host: str) -> bool:
        """What mitmproxy's own engine says, at the first of the ports."""
        try:
            return re.search(entry, f"{host}:{self._ports[0]}", re.IGNORECASE) is not None
        except (re.error, OverflowError, RecursionError):
            return False

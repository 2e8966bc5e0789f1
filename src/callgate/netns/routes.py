"""The routes of a namespace, as text that can be given to ``ip`` again."""

from itertools import pairwise
from typing import Final

from callgate.netns.namespaces import Namespace

#: The options of ``ip`` that choose a family.
FAMILIES: Final = ("-4", "-6")
#: What the kernel says of the link just now: it is shown, but cannot be set.
_STATES: Final = {"linkdown", "dead"}


def shown(namespace: Namespace, family: str, interface: str | None = None) -> list[str]:
    """The main table of a family (one of :data:`FAMILIES`), or its routes over an interface."""
    lines = (line.split() for line in namespace.run("ip", family, "route", "show").splitlines())
    return [
        " ".join(word for word in words if word not in _STATES)
        for words in lines
        if interface is None or ("dev", interface) in pairwise(words)
    ]


def replace(namespace: Namespace, family: str, routes: list[str]) -> None:
    """Set routes, whether they exist or not; ToolError when the kernel refuses one."""
    lines = "".join(f"route replace {route}\n" for route in routes)
    namespace.run("ip", family, "-batch", "-", stdin=lines)

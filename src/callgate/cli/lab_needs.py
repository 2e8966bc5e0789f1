"""What must be installed for the lab beside Callgate itself."""

import importlib.util
from collections.abc import Iterable, Mapping

from callgate.errors import ToolError, installing
from callgate.netns.commands import find


def require_modules(names: Iterable[str]) -> None:
    """ToolError with what to install when one of these Python modules is missing."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise ToolError(
            f"the lab needs Python packages that are not installed: {', '.join(missing)}",
            hint=installing("lab"),
        )


def require_tools(packages: Mapping[str, str]) -> None:
    """ToolError when a program is missing; programs by name, with the Debian package of each."""
    missing = sorted(package for tool, package in packages.items() if find(tool) is None)
    if missing:
        raise ToolError(
            f"the lab needs programs that are not installed: {', '.join(missing)}",
            hint=f"on Debian: apt install {' '.join(missing)}",
        )

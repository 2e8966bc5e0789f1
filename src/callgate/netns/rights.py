"""Whether network namespaces can be made here, and how.

As root (or with its capabilities) directly; else in an unprivileged user namespace, in
which we are root over namespaces of our own and over nothing else.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from callgate.errors import ToolError
from callgate.netns import commands

#: Set for the process that runs inside our user namespace.
MARK: Final = "CALLGATE_USER_NAMESPACE"
#: Root over namespaces of our own, and over nothing else. They have their own processes,
#: too, which all end with the first of them: nobody could find what it would leave.
_OPTIONS: Final = (
    *("--user", "--map-root-user", "--net", "--mount"),
    *("--pid", "--kill-child", "--mount-proc"),
)
_SWITCHES: Final = {
    "kernel/unprivileged_userns_clone": "0",
    "kernel/apparmor_restrict_unprivileged_userns": "1",
    "user/max_user_namespaces": "0",
}


class Rights(Enum):
    """What we may do, and so how to go about it."""

    ROOT = "root"
    USER_NAMESPACE = "user namespace"
    NONE = "none"


def rights() -> tuple[Rights, str]:
    """What we may do here, found by trying it, and the reason in words."""
    missing = [tool for tool in ("ip", "nft", "unshare", "mount") if commands.find(tool) is None]
    if missing:
        return Rights.NONE, f"not installed: {', '.join(missing)}"
    if os.geteuid() == 0 and _works("--net", "--mount"):
        return Rights.ROOT, "root"
    if _works(*_OPTIONS):
        return Rights.USER_NAMESPACE, "unprivileged user namespaces are allowed"
    return Rights.NONE, _why_not()


def enter_user_namespace(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Start this program again, with the same arguments, inside a user namespace.

    Does not return when it succeeds. In the new process :func:`prepare` must be called.
    """
    path = commands.find("unshare")
    if path is None:
        raise ToolError("the program 'unshare' is not installed")
    again = [path, *_OPTIONS, sys.executable, "-m", "callgate", *argv]
    os.execve(path, again, {**environment, MARK: "1"})  # noqa: S606


def prepare() -> None:
    """In the process that :func:`enter_user_namespace` started: a ``/run`` of our own."""
    if confined():
        commands.run("mount", "-t", "tmpfs", "tmpfs", "/run")


def confined() -> bool:
    """Whether this process is root in an unprivileged user namespace only."""
    return os.environ.get(MARK) == "1"


def _works(*options: str) -> bool:
    try:
        commands.run("unshare", *options, "true")
    except ToolError:
        return False
    return True


def _why_not() -> str:
    for name, closed in _SWITCHES.items():
        path = Path("/proc/sys") / name
        if path.is_file() and path.read_text(encoding="ascii").strip() == closed:
            return f"not root, and sysctl {name.replace('/', '.')} is {closed}"
    if os.geteuid() == 0:
        return "root without CAP_SYS_ADMIN (a container?), and user namespaces are refused"
    return "not root, and the kernel refuses unprivileged user namespaces"

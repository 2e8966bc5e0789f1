"""Give a program a resolver of its own, then become it: ``seat RESOLV USER PROGRAM [ARG...]``.

A private mount namespace hides the machine's ``/etc/resolv.conf`` behind another file, and
its shared memory behind an empty one (Squid leaves segments there when it is killed), for
this program only. The mounts end with the last process that sees them
(mount_namespaces(7)).

``USER`` is ``root``, or whom the program shall take itself for. In an unprivileged user
namespace there is nobody but root, so the other one is made in a further namespace.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

_CLONE_NEWNS, _CLONE_NEWUSER = 0x20000, 0x10000000  # linux/sched.h
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 1 << 18  # linux/mount.h
_RESOLVER, _SHARED_MEMORY = b"/etc/resolv.conf", b"/dev/shm"
_libc = ctypes.CDLL(None, use_errno=True)


def hide_machine(resolver: str) -> None:
    """Give the calling process this resolver and new shared memory; OSError when refused."""
    _check(_libc.unshare(_CLONE_NEWNS))
    # Without this the mount would travel back to the machine's own mount namespace.
    _check(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
    _check(_libc.mount(resolver.encode(), _RESOLVER, None, _MS_BIND, None))
    _check(_libc.mount(b"tmpfs", _SHARED_MEMORY, b"tmpfs", 0, None))


def pose_as(user: str) -> None:
    """Turn root, which we are, into another user: the same files, no rights over anything."""
    entry = pwd.getpwnam(user)
    outside = os.geteuid(), os.getegid()
    _check(_libc.unshare(_CLONE_NEWUSER))
    # user_namespaces(7): without this, no mapping of groups is accepted from non-root.
    _write("setgroups", "deny")
    _write("uid_map", f"{entry.pw_uid} {outside[0]} 1")
    _write("gid_map", f"{entry.pw_gid} {outside[1]} 1")


def _write(name: str, text: str) -> None:
    Path("/proc/self", name).write_text(text, encoding="ascii")


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    hide_machine(sys.argv[1])
    if sys.argv[2] != "root":
        pose_as(sys.argv[2])
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - a list, no shell

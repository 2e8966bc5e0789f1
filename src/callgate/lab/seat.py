"""Give a program a resolver of its own, then become it: ``seat RESOLV PROGRAM [ARG...]``.

A private mount namespace hides the machine's ``/etc/resolv.conf`` behind another file, and
its shared memory behind an empty one (Squid leaves segments there when it is killed), for
this program only. The mounts end with the last process that sees them
(mount_namespaces(7)).
"""

import ctypes
import os
import sys

_CLONE_NEWNS = 0x20000  # linux/sched.h
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


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    hide_machine(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - a list, no shell

"""Who owns a set of namespaces, and how to remove those whose owner is dead.

An owner holds an exclusive lock on ``/run/callgate/<hex>``. The lock is made before the
first namespace and its file removed after the last, so at any moment of a SIGKILL the
file is there to find the namespaces by, and the lock is free. Files that programs in the
namespaces need are kept in ``/run/callgate-files/<hex>`` and removed with them.
"""

import fcntl
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from callgate.netns import commands
from callgate.netns.namespaces import NAMED

PREFIX: Final = "callgate-"
LOCKS: Final = Path("/run/callgate")
FILES: Final = Path("/run/callgate-files")


class Ownership:
    """A random name and the lock on it; a context manager that removes what it owns."""

    def __init__(self) -> None:
        LOCKS.mkdir(mode=0o755, exist_ok=True)
        self.id = ""
        self._descriptor = -1

    def __enter__(self) -> Self:
        while self._descriptor < 0:
            self.id = secrets.token_hex(4)
            self._descriptor = _lock(LOCKS / self.id, create=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            _remove(self.id)
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    def name(self, role: str) -> str:
        """The name of this owner's namespace for a role."""
        return f"{PREFIX}{self.id}-{role}"

    def folder(self) -> Path:
        """A folder for files that live as long as the namespaces; made when first asked for."""
        path = FILES / self.id
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
        return path


def clean() -> list[str]:
    """Remove what dead owners left: their processes, namespaces and files.

    Returns the names of the namespaces removed. What belongs to a living owner, and any
    namespace that has no lock file, is left alone.
    """
    removed: list[str] = []
    for path in sorted(LOCKS.iterdir()) if LOCKS.is_dir() else []:
        descriptor = _lock(path, create=False)
        if descriptor >= 0:
            try:
                removed += _remove(path.name)
            finally:
                os.close(descriptor)
    return removed


def _lock(path: Path, *, create: bool) -> int:
    """A descriptor that holds the lock, or -1 when someone else has it or it is gone."""
    flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if create else 0)
    try:
        descriptor = os.open(path, flags, 0o644)
    except (FileExistsError, FileNotFoundError):
        return -1
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # A cleaner may have removed the file between our open and our lock.
        if path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return -1


def _remove(owner: str) -> list[str]:
    names = sorted(path.name for path in _namespaces(owner))
    for name in names:
        for process in commands.run("ip", "netns", "pids", name).split():
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
    if names:
        commands.run(
            "ip", "-force", "-batch", "-", stdin="".join(f"netns delete {n}\n" for n in names)
        )
    with suppress(FileNotFoundError):
        shutil.rmtree(FILES / owner)
    (LOCKS / owner).unlink(missing_ok=True)
    return names


def _namespaces(owner: str) -> Iterator[Path]:
    return NAMED.glob(f"{PREFIX}{owner}-*")

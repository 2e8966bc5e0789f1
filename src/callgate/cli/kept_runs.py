"""The runs of a measurement, and the file that keeps them so that it can be resumed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from callgate.cli.files import read_text
from callgate.errors import InputError, Mistake, UsageError
from callgate.lab.quality import records
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Settings, Task
from callgate.places import Place


class KeptRuns:
    """The runs that count. With a ``file``, those in it are taken, and new ones appended.

    UsageError or InputError when the file is of another measurement, or is none.
    """

    def __init__(self, settings: Settings, file: str | None) -> None:
        self._settings, self._file = settings, file
        text = read_text(file) if file is not None and Path(file).exists() else ""
        runs, self._whole = records.read(text, file or "", settings)
        self._read = len(text)
        self._runs = {(run.cell, run.repetition): run for run in runs}
        self._open: IO[str] | None = None

    def missing(self) -> list[Task]:
        """What is still to be run."""
        return [task for task in self._settings.tasks() if task[:2] not in self._runs]

    def by_cell(self) -> Iterator[list[Run]]:
        """The runs of each cell that has any, in order."""
        for cell in self._settings.cells:
            numbers = range(1, self._settings.repeat + 1)
            runs = [self._runs[cell, n] for n in numbers if (cell, n) in self._runs]
            if runs:
                yield runs

    @contextmanager
    def appending(self) -> Iterator[None]:
        """Inside its body :meth:`add` works, and nobody else may write to the file."""
        if self._file is None:
            yield
            return
        with _locked(self._file) as file:
            if os.fstat(file.fileno()).st_size != self._read:
                raise UsageError(f"{self._file} has just been changed by another measurement")
            # What a kill cut short is written again.
            file.truncate(self._whole)
            self._open = file
            if not self._whole:
                self._write(records.head(self._settings))
            yield

    def add(self, run: Run) -> None:
        """Keep a run; it is on the disk when this returns."""
        self._write(records.record(run))
        self._runs[run.cell, run.repetition] = run

    def _write(self, line: str) -> None:
        if self._open is not None:
            self._open.write(line)
            self._open.flush()
            os.fsync(self._open.fileno())


@contextmanager
def _locked(name: str) -> Iterator[IO[str]]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("a", encoding="ascii"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{name} is being written by another measurement") from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError([Mistake(Place(name), f"cannot write: {reason}")]) from None
        yield file

"""The exception tree.

::

    CallgateError                 anything that we can explain; exit code 2
    ├── UsageError                the command line asks for something impossible
    ├── InputError                a text we were given is wrong: one or more Mistakes
    ├── MissingValueError         the vendor does not publish it, the site must supply it
    ├── UnsupportedError          the target cannot express what the policy says
    └── ToolError                 a program or a right that we need is not here

Every error carries a message, may carry a hint (what to do about it), and an
:class:`InputError` carries every mistake of its text, not only the first.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from callgate.places import Place


class CallgateError(Exception):
    """Something that we can explain to the user.

    ``message`` says what is wrong in one line; ``hint`` what to do about it.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(CallgateError):
    """The options contradict each other or ask for what does not exist."""


class MissingValueError(CallgateError):
    """A value that the vendor's document names but does not publish was not supplied."""


class UnsupportedError(CallgateError):
    """The target cannot express the policy, and widening it silently is not an option."""


class ToolError(CallgateError):
    """A program, a kernel feature or a right that the command needs is missing."""


def installing(extra: str) -> str:
    """The command that brings the packages of an extra to the Python that runs us.

    Debian's own ``pip`` refuses to install anything, and another one installs it elsewhere.
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"{python} -m pip install 'callgate[{extra}]'"


@dataclass(frozen=True, order=True, slots=True)
class Mistake:
    """One thing wrong in an input text."""

    place: Place
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}"
        return f"{text}\n    hint: {self.hint}" if self.hint else text


class InputError(CallgateError):
    """A text that we were given is wrong; holds every mistake, in order of place."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda m: (m.place, m.message)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[Mistake, ...]]]:
        """Survive the way back from a worker process."""
        return type(self), (self.mistakes,)

"""What a user may tell a dialect beside the policy: options, and names on the device.

Everything is checked before anything is written: an option that the dialect does not offer,
a value that it does not know, a name that it needs and was not given.
"""

import difflib
import re
from collections.abc import Collection
from typing import Final

from callgate.dialects.base import Dialect, Option
from callgate.errors import UsageError
from callgate.policy.site import Target

#: The names on the device that a dialect may ask for, each with a flag of its own.
SIDES: Final = ("inside", "outside", "before")


def chosen(dialect: Dialect, target: Target) -> dict[str, str]:
    """Every option of the dialect with its value: what the user says, else the default.

    UsageError for an option or a value that there is not.
    """
    offered = {option.name: option for option in dialect.options}
    for name, value in target.options.items():
        if name not in offered:
            raise UsageError(_unknown(dialect.name, name, offered), hint=_listed(dialect))
        _check(offered[name], value)
    return {name: target.options.get(name, option.default) for name, option in offered.items()}


def refuse_unused(dialect: Dialect, given: Collection[str]) -> None:
    """UsageError for a flag (``inside``, ``outside``, ``before``) that would do nothing."""
    for name in SIDES:
        if name in given and name not in dialect.sides:
            raise UsageError(f"{dialect.name} has no use for --{name}")


def named(dialect: Dialect, target: Target, side: str, what: str, fits: re.Pattern[str]) -> str:
    """The device's name for ``inside``, ``outside`` or ``before``; it is never guessed.

    UsageError when it was not given or cannot be a name on this device; ``what`` says what
    kind of thing it is there (``zone``).
    """
    text: str = getattr(target, side)
    if not text:
        raise UsageError(
            f"{dialect.name} needs the device's own name: --{side} NAME ({what})",
            hint=f"or in the site file: target: {{{side}: NAME}}",
        )
    if not fits.fullmatch(text):
        raise UsageError(f"--{side}: {text!r} cannot be the name of a {what} here")
    return text


def _unknown(dialect: str, name: str, offered: Collection[str]) -> str:
    near = difflib.get_close_matches(name, offered, n=1)
    question = f"; did you mean {near[0]!r}?" if near else ""
    return f"{dialect} has no option {name!r}{question}"


def _listed(dialect: Dialect) -> str:
    return "it has " + (", ".join(option.name for option in dialect.options) or "none")


def _check(option: Option, value: str) -> None:
    if option.values and value not in option.values:
        raise UsageError(
            f"option {option.name}: {value!r} is no value of it",
            hint="one of " + ", ".join(option.values),
        )

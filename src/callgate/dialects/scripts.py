"""``apply.sh`` and ``rollback.sh``: settings of one policy before scripts that never vary.

The scripts are shell files beside this module, so that a shell linter can read them:
``driver.sh`` knows levels, confirmation and roll-back; the file of a target knows how to
check, load, list and restore what is ours in that target.
"""

import shlex
from importlib.resources import files
from typing import Final

from callgate.dialects.base import Artifact

_INTERPRETER: Final = "#!/bin/sh"


def scripts(target: str, settings: dict[str, str]) -> tuple[Artifact, Artifact]:
    """The two scripts for a target (a file name in ``shell/``) and its variables."""
    variables = [f"{name}={shlex.quote(value)}" for name, value in sorted(settings.items())]
    parts = [_INTERPRETER, *_shell("usage"), *variables, "", *_shell(target), "", *_shell("driver")]
    return (
        Artifact("apply.sh", _joined(parts), "checks, applies, keeps", executable=True),
        Artifact(
            "rollback.sh",
            _joined([_INTERPRETER, *_shell("rollback")]),
            "puts back what was there before",
            executable=True,
        ),
    )


def plain_script(name: str, file: str, purpose: str) -> Artifact:
    """A script of ours that needs no settings: a file of ``shell/`` as it is."""
    return Artifact(name, _joined([_INTERPRETER, *_shell(file)]), purpose, executable=True)


def _shell(name: str) -> list[str]:
    text = (files("callgate.dialects") / "shell" / f"{name}.sh").read_text("utf-8")
    return text.rstrip("\n").split("\n")


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

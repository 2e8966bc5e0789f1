"""Credentials: from a file, the environment or a prompt, and never from the command line."""

import os
import sys

import click

from callgate.cli.files import read_text
from callgate.errors import UsageError
from callgate.stun.credentials import Credentials, opaque_string


def credentials(file: str | None, variables: str, what: str, *, ask: bool) -> Credentials | None:
    """User and password for something, or None.

    ``file`` holds the user in its first line and the password in its second; ``variables``
    is the beginning of the two variables' names (``CALLGATE_TURN`` + ``_USER``).
    """
    if file is not None:
        return _from_file(file, what)
    user = os.environ.get(f"{variables}_USER")
    password = os.environ.get(f"{variables}_PASSWORD")
    if user and password:
        return _checked(user, password, what)
    if user or password:
        raise UsageError(
            f"only one of {variables}_USER and {variables}_PASSWORD is set",
            hint="set both, or neither",
        )
    if not ask:
        return None
    if not sys.stdin.isatty():
        raise UsageError(f"there is no terminal to ask for {what} credentials at")
    user = click.prompt(f"User for {what}", err=True)
    password = click.prompt(f"Password for {what}", hide_input=True, err=True)
    return _checked(user, password, what)


def _from_file(file: str, what: str) -> Credentials:
    lines = read_text(file).splitlines()
    if len(lines) < 2 or not lines[0] or not lines[1] or any(lines[2:]):
        raise UsageError(
            f"{file} does not hold {what} credentials",
            hint="the user in the first line, the password in the second, and nothing else",
        )
    return _checked(lines[0], lines[1], what)


def _checked(user: str, password: str, what: str) -> Credentials:
    try:
        opaque_string(user)
        opaque_string(password)
    except ValueError as error:
        raise UsageError(f"{what} credentials: {error}") from None
    return Credentials(user, password)

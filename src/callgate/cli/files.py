"""Opening the user's files: text in, errors with a name, ``-`` for standard input."""

import sys
from pathlib import Path
from typing import Final

from callgate.errors import InputError, Mistake
from callgate.places import Place

_HINTS: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "names are relative to the current directory; '-' is standard input",
    PermissionError: "read it as its owner (sudo cat FILE | callgate … -), or copy it",
    IsADirectoryError: "name a file in it",
}


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; InputError when unreadable."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        hint = _HINTS.get(type(error), "is the name right, and may you read it?")
        raise InputError([Mistake(Place(name), f"cannot read: {reason}", hint)]) from None


def read_text(name: str) -> str:
    """The text of a UTF-8 file (a byte order mark is dropped); InputError otherwise."""
    data = read_bytes(name)
    shown = "<stdin>" if name == "-" else name
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "it looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else None
        raise InputError([Mistake(Place(shown, line), "not UTF-8 text", hint)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Mistake(Place(shown, line), "not text: it holds NUL bytes")])
    return text

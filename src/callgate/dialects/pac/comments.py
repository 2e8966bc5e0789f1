"""Comments of a PAC file that end where they should, whatever stands in them.

Only line comments are written, so ``*/`` is two harmless characters; everything that an
engine could take for the end of a line is escaped, as is everything that is not printable
ASCII (browsers read the file as ISO-8859-1 unless told otherwise). The blank behind ``//``
matters: JScript, which WinHTTP may still run, executes ``//@cc_on``.
"""

import textwrap
from collections.abc import Iterator

_WIDTH = 96


def comment(text: str) -> str:
    """``text`` as one or more comment lines, wrapped at blanks; ends with a newline."""
    lines = textwrap.wrap(plain(text), _WIDTH - 5, break_long_words=False, break_on_hyphens=False)
    return "".join(_indent(lines))


def _indent(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"// {'  ' if number else ''}{line}\n"


def plain(text: str) -> str:
    r"""Printable ASCII: everything else, and ``*/``, as ``\uXXXX`` for people to read."""
    return "".join(char if " " <= char <= "~" else _escape(char) for char in text).replace(
        "*/", "*\\/"
    )


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

"""Comments of a PAC file that end where they should, whatever stands in them.

Only line comments are written, so ``*/`` is two harmless characters; it is broken up all
the same, for tools that join lines. What could end a line becomes a blank, and what is not
ASCII is spelt out, because browsers read the file as ISO-8859-1 unless told otherwise. The
blank behind ``//`` matters: JScript, which WinHTTP may still run, executes ``//@cc_on``.
"""

import textwrap
from typing import Final

from callgate.dialects.wording import one_line

_WIDTH: Final = 96


def comment(text: str) -> str:
    """``text`` as one or more comment lines, wrapped at blanks; ends with a newline."""
    return (
        textwrap.fill(
            plain(text),
            _WIDTH,
            initial_indent="// ",
            subsequent_indent="//   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )


def plain(text: str) -> str:
    r"""One line of printable ASCII: other letters as ``\xe9`` or ``\u2013``."""
    ascii_only = one_line(text).encode("ascii", "backslashreplace").decode("ascii")
    return ascii_only.replace("*/", "*\\/")

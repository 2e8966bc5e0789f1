"""Plain YAML scalars, by the core schema of YAML 1.2 minus its traps.

``yes``, ``on`` and ``1:30`` are text. A number that YAML 1.1, YAML 1.2 and people read
differently (``0644``, ``0x1F``, ``1_000``) is refused instead of being guessed at.
"""

import re
from typing import Final

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_AMBIGUOUS = re.compile(
    r"[-+]?(?:0[0-9_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9]+_[0-9_]*|[0-9]{19,})"
)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar; ValueError when it can be read in more than one way."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError(f"ambiguous number {text[:40]!r}; write it in decimal, or in quotes")
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL_FLOAT.fullmatch(text):
        return float(text.lower().replace(".", ""))
    return text

"""POSIX extended regular expressions on names, with what a match proves (pure).

Python's engine runs them, so only what means the same in both is taken: literals, ``.``,
brackets, groups, alternatives, repetition, anchors. Repetition of a group that repeats or
branches can take exponential time and is refused; so are backslashes before letters, which
are extensions of this or that library. Source: POSIX.1-2017, Base Definitions, chapter 9.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

#: The bracket classes that can occur in names, in Python's words.
_CLASSES: Final = {
    "[:alnum:]": "a-zA-Z0-9",
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:upper:]": "A-Z",
    "[:space:]": r"\s",
    "[:xdigit:]": "0-9A-Fa-f",
}
_LENGTH_MAX: Final = 1000
#: Unbounded repetitions of one expression: each may cost a factor of the name's length.
_REPEATS_MAX: Final = 4
_PLAIN: Final = re.compile(r"(?:[A-Za-z0-9_/:-]|\\\.)+")


class Unreadable(ValueError):  # noqa: N818 - readers catch it and report
    """An expression that we do not evaluate; the message says why."""


@dataclass(frozen=True)
class Expression:
    """One expression as it is written, already known to be readable."""

    text: str
    ignore_case: bool = False

    @classmethod
    def parse(cls, text: str, *, ignore_case: bool = False) -> "Expression":
        """Read an expression; Unreadable says what is not evaluated."""
        found = cls(text, ignore_case)
        _ = found.compiled
        return found

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The same expression for Python's engine."""
        try:
            flags = re.IGNORECASE | re.ASCII if self.ignore_case else re.ASCII
            return re.compile(_translated(self.text), flags)
        except re.error as error:
            raise Unreadable(f"not an expression: {error}") from None

    def matches(self, text: str, free: int = 0) -> bool | None:
        """Whether it is found in a text; None where that hangs on what its start stands for.

        The first ``free`` characters stand for anything.
        """
        if not free:
            return self.compiled.search(text) is not None
        found = self.compiled.search(text, free)
        if found is not None:
            # Found behind what is free, so there whatever that is; "^" holds at 0 only.
            return True
        return False if self._excluded(text[free:]) else None

    def _excluded(self, rest: str) -> bool:
        """Whether no text that ends in ``rest`` matches: the expression wants another end."""
        if not self.text.endswith("$") or self.text.endswith("\\$"):
            return False
        plain = self.text[:-1]
        tail = _literal_tail(plain)
        if self.ignore_case:
            tail, rest = tail.lower(), rest.lower()
        if not tail:
            return False
        shorter = min(len(tail), len(rest))
        return tail[-shorter:] != rest[-shorter:]


def _literal_tail(text: str) -> str:
    """The plain characters that an expression without ``$`` must end in; perhaps none."""
    if "|" in text:
        return ""
    found = re.search(r"(?:[A-Za-z0-9_/:-]|\\\.)+\Z", text)
    if found is None:
        return ""
    start = found.start()
    if start and text[start - 1] == "\\":
        return ""
    return found[0].replace("\\.", ".")


def _translated(text: str) -> str:
    if len(text) > _LENGTH_MAX:
        raise Unreadable(f"longer than {_LENGTH_MAX} characters")
    return _Translator(text).run()


class _Translator:
    """Copies an expression piece by piece and refuses what does not mean the same."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out: list[str] = []
        self.costly: list[bool] = [False]  # for each open group: whether it repeats or branches
        self.repeats = 0

    def run(self) -> str:
        """The whole expression in Python's words."""
        last = ""
        while self.at < len(self.text):
            last = self._piece(last)
        if len(self.costly) != 1:
            raise Unreadable("a group is not closed")
        return "".join(self.out)

    def _piece(self, last: str) -> str:
        """Copy one piece; ``last`` is the kind of the one before, and so is the result."""
        char = self.text[self.at]
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._bracket()
        if char in "*+?{":
            return self._repetition(last)
        self.at += 1
        if char in "()|":
            return self._group(char)
        # "$" of POSIX is the very end; Python's also stands before a last newline.
        self.out.append("\\Z" if char == "$" else char if char in "^." else re.escape(char))
        return "anchor" if char in "^$" else "atom"

    def _group(self, char: str) -> str:
        if char == ")":
            if len(self.costly) == 1:
                raise Unreadable("a group is closed that was never opened")
            costly = self.costly.pop()
            self.costly[-1] = self.costly[-1] or costly
            self.out.append(")")
            return "costly group" if costly else "group"
        if char == "(":
            self.costly.append(False)
            self.out.append("(?:")
        else:
            self.costly[-1] = True
            self.out.append("|")
        return "open"

    def _escape(self) -> str:
        escaped = self.text[self.at + 1 : self.at + 2]
        if not escaped or escaped.isalnum() or escaped in "<>`'":
            raise Unreadable(f"\\{escaped} is an extension that libraries read differently")
        self.out.append(re.escape(escaped))
        self.at += 2
        return "atom"

    def _bracket(self) -> str:
        start = self.at
        at = start + 1
        negated = self.text[at : at + 1] == "^"
        at += negated
        body = ""
        first = True
        while at < len(self.text) and (first or self.text[at] != "]"):
            first = False
            named = next((name for name in _CLASSES if self.text.startswith(name, at)), None)
            if named:
                body += _CLASSES[named]
                at += len(named)
            elif self.text.startswith(("[:", "[.", "[="), at):
                raise Unreadable("a bracket class that names do not need")
            else:
                body += self.text[at] if self.text[at] == "-" else re.escape(self.text[at])
                at += 1
        if at >= len(self.text):
            raise Unreadable("a bracket is not closed")
        self.out.append(f"[{'^' if negated else ''}{body}]")
        self.at = at + 1
        return "atom"

    def _repetition(self, last: str) -> str:
        found = re.compile(r"[*+?]|\{\d{1,3}(?:,\d{0,3})?\}").match(self.text, self.at)
        if found is None or last not in {"atom", "group", "costly group"}:
            raise Unreadable("a repetition of nothing")
        once = found[0] == "?"
        if last == "costly group" and not once:
            raise Unreadable("a repeated group that repeats or branches itself")
        self.repeats += not once
        if self.repeats > _REPEATS_MAX:
            raise Unreadable(f"more than {_REPEATS_MAX} repetitions")
        self.costly[-1] = True
        self.out.append(found[0])
        self.at = found.end()
        return "repetition"

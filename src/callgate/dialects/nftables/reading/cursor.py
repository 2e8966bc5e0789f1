"""The stream of tokens under the grammar: look ahead, includes, definitions, mistakes.

``include`` splices the tokens of another text in at that place, as nft does, so it works
at the top and inside of a block. Text comes from a loader that the caller passes in:
nothing here opens a file.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn

from callgate.dialects.nftables.reading.tokens import Kind, Source, Token, tokens
from callgate.dialects.nftables.reading.tree import Expression
from callgate.dialects.reading import Include
from callgate.errors import InputError, Mistake
from callgate.places import Place

#: ``MAX_INCLUDE_DEPTH`` of nft.
INCLUDE_DEPTH: Final = 16
#: Every include together: a text that includes one file twice, which does so too, …
INCLUDES_MAX: Final = 1000
NESTING_MAX: Final = 50
#: After that many the text is probably no nftables at all.
MISTAKES_MAX: Final = 20


_LINE_ENDS: Final = (Kind.NEWLINE, Kind.END)


class SyntaxMistakeError(Exception):
    """The structure is broken here; reading goes on after the end of the statement."""

    def __init__(self, place: Place, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.mistake = Mistake(place, message, hint)


class Cursor:
    """A place in the stream; ``mistakes`` are those found so far."""

    def __init__(self, source: Source, include: Include) -> None:
        self.mistakes: list[Mistake] = []
        self._include = include
        self._streams: list[Iterator[Token]] = [tokens(source)]
        self._end = Token(Kind.END, "", len(source.text), source)
        self._ahead: deque[Token] = deque()
        self._scopes: list[dict[str, Expression]] = [{}]
        self._depth = 0
        self._includes = 0
        self.previous: Token | None = None
        self._head = self._pull()

    def peek(self, distance: int = 0) -> Token:
        """The token that comes next, or one that far behind it."""
        if not distance:
            return self._head
        while len(self._ahead) < distance:
            self._ahead.append(self._pull())
        return self._ahead[distance - 1]

    def _pull(self) -> Token:
        while self._streams:
            token = next(self._streams[-1], None)
            if token is not None and token.kind is not Kind.END:
                return token
            self._streams.pop()
            if token is not None and self._streams:  # the end of a text is the end of its line
                return token._replace(kind=Kind.NEWLINE)
        return self._end

    def take(self) -> Token:
        """The token that comes next, and move on; the end stays where it is."""
        token = self._head
        if token.kind is not Kind.END:
            self._head = self._ahead.popleft() if self._ahead else self._pull()
            self.previous = token
        return token

    def at(self, *texts: str) -> bool:
        """Whether a word or operator of these comes next (a quoted text keeps its quotes)."""
        return self._head.text in texts

    def skip(self, text: str) -> bool:
        """Move on if this word or operator comes next."""
        if self.at(text):
            self.take()
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        """Take this word or operator; a mistake when something else comes."""
        if not self.at(text):
            self.fail(f"expected {text!r} {where}, found {described(self.peek())}")
        return self.take()

    def word(self, what: str) -> Token:
        """Take a name or a quoted text."""
        if self.peek().kind not in (Kind.WORD, Kind.STRING):
            self.fail(f"expected {what}, found {described(self.peek())}")
        return self.take()

    def number(self, what: str) -> int:
        """Take a number."""
        if self.peek().kind is not Kind.NUMBER:
            self.fail(f"expected {what}, found {described(self.peek())}")
        return number_of(self.take())

    def fail(self, message: str, hint: str | None = None) -> NoReturn:
        """The structure is broken at the token that comes next."""
        raise SyntaxMistakeError(self.peek().place, message, hint)

    def give_up(self, mistake: Mistake) -> NoReturn:
        """Nothing that follows can be read any more."""
        raise InputError([*self.mistakes, mistake])

    def note(self, mistake: Mistake) -> None:
        """Keep a mistake and go on; InputError when there are too many."""
        self.mistakes.append(mistake)
        if len(self.mistakes) >= MISTAKES_MAX:
            raise InputError(self.mistakes)

    def at_separator(self) -> bool:
        """Whether a statement ends here."""
        return self._head.kind in _LINE_ENDS or self._head.text == ";"

    def skip_newlines(self) -> None:
        """Move over empty lines."""
        while self._head.kind is Kind.NEWLINE:
            self.take()

    def skip_separators(self) -> None:
        """Move over empty lines and semicolons."""
        while self._head.kind is Kind.NEWLINE or self._head.text == ";":
            self.take()

    def end_of_line(self) -> None:
        """A mistake when the statement goes on where it must end."""
        if not self.at_separator() and not self.at("}"):
            self.fail(f"expected the end of the line, found {described(self.peek())}")

    def recover(self) -> None:
        """Move to the end of the broken statement: over its blocks, to its separator."""
        depth = 0
        while self.peek().kind is not Kind.END:
            if depth == 0 and (self.at_separator() or self.at("}")):
                return
            if self.at("{"):
                depth += 1
            elif self.at("}"):
                depth -= 1
            self.take()

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level of brackets more; a mistake when there are too many."""
        self._depth += 1
        if self._depth > NESTING_MAX:
            self._depth = 0
            self.give_up(Mistake(self.peek().place, f"nested deeper than {NESTING_MAX}"))
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Definitions made inside of a block end with it."""
        self._scopes.append({})
        try:
            yield
        finally:
            self._scopes.pop()

    def define(self, name: Token, value: Expression, *, again: bool) -> None:
        """Give a name a value; a name that has one needs ``redefine``."""
        if name.text in self._scopes[-1] and not again:
            self.note(
                Mistake(name.place, f"{name.text!r} is already defined", "say redefine instead")
            )
        self._scopes[-1][name.text] = value

    def undefine(self, name: Token) -> None:
        """Forget a definition of this block."""
        if self._scopes[-1].pop(name.text, None) is None:
            self.note(Mistake(name.place, f"{name.text!r} is not defined"))

    def variable(self) -> Expression:
        """The value of ``$name``."""
        self.expect("$", "before the name of a definition")
        name = self.word("the name of a definition")
        for scope in reversed(self._scopes):
            if name.text in scope:
                return scope[name.text]
        raise SyntaxMistakeError(
            name.place,
            f"nothing defines {name.text!r}",
            "write it with define, or give the file that does together with this one",
        )

    def include(self) -> None:
        """Splice in what ``include "pattern"`` means."""
        self.take()
        pattern = self.peek()
        if pattern.kind is not Kind.STRING:
            self.fail(f"expected a quoted path, found {described(pattern)}")
        self.take()
        self.end_of_line()
        try:
            found = tuple(self._include(pattern.value))
        except InputError as error:
            message = "; ".join(each.message for each in error.mistakes)
            raise SyntaxMistakeError(pattern.place, f"{pattern.value}: {message}") from error
        if not found and not any(each in pattern.value for each in "*?["):
            raise SyntaxMistakeError(pattern.place, f"there is no file {pattern.text}")
        self._splice(pattern, found)

    def _splice(self, pattern: Token, found: Sequence[tuple[str, str]]) -> None:
        """What is included stands behind the include's line, before everything else."""
        lineage = pattern.source.lineage()
        for name, _ in found:
            if name in lineage:
                raise SyntaxMistakeError(pattern.place, f"{name!r} includes itself")
        self._includes += len(found)
        if len(lineage) > INCLUDE_DEPTH or self._includes > INCLUDES_MAX:
            self.give_up(Mistake(pattern.place, "too many includes in each other"))
        rest = [self._head, *self._ahead]
        self._head = pattern._replace(kind=Kind.NEWLINE, text="")
        self._ahead.clear()
        self._streams.append(iter([each for each in rest if each.kind is not Kind.END]))
        for name, text in reversed(found):
            self._streams.append(tokens(Source(name, text, pattern.source)))


def number_of(token: Token) -> int:
    """The integer that a number stands for; a mistake when it has hundreds of digits."""
    if len(token.text) > 40:
        raise SyntaxMistakeError(token.place, "number too long")
    if token.text[:2] in ("0x", "0X"):
        return int(token.text, 16)
    # A leading zero means octal, as in C, unless a digit says otherwise.
    octal = token.text[0] == "0" and not any(digit in token.text for digit in "89")
    return int(token.text, 8 if octal else 10)


def described(token: Token) -> str:
    """How a message calls a token."""
    match token.kind:
        case Kind.END:
            return "the end of the text"
        case Kind.NEWLINE:
            return "the end of the line"
        case _:
            return repr(token.text if len(token.text) <= 40 else token.text[:37] + "...")

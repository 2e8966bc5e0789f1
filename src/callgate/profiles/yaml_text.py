"""Strict YAML: one document of mappings, lists and scalars, and nothing clever.

Theory of operation
-------------------
The text is read as *events*, before anything is composed, so that what we refuse is
refused where it stands and costs nothing: anchors and aliases (a few lines of them unfold
into gigabytes), tags, duplicate keys, keys that are not text, a second document, nesting
without end. All of these are collected; only a syntax error ends the reading.
"""

from collections.abc import Callable
from typing import Final

import yaml

from callgate.errors import Mistake
from callgate.places import Place
from callgate.profiles.documents import (
    DEPTH_MAX,
    JsonPath,
    ParsedText,
    check_text,
    control_character,
    input_error,
    mistake_at,
    place_at,
    shown,
)
from callgate.profiles.scalars import plain_scalar

NO_FUNCTIONS: Final[frozenset[str]] = frozenset()
_TAB = "found character '\\t' that cannot start any token"


def read_yaml(text: str, source: str, functions: frozenset[str] = NO_FUNCTIONS) -> ParsedText:
    """Read one YAML document; InputError holds every mistake that the text has as YAML.

    A tag ``!NAME`` of ``functions`` makes its value the mapping ``{"!NAME": value}``; every
    other tag is a mistake.
    """
    check_text(text, source)
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        # Raised for the whole text at once; the place must be counted out.
        message = f"not text: character U+{ord(text[error.position]):04X}"
        raise input_error([Mistake(place_at(text, error.position, source), message)]) from None
    builder = _Builder(loader.get_event, source, functions)
    try:
        data = builder.document()
    except _StopReading:
        data = None
    except yaml.MarkedYAMLError as error:
        builder.mistakes.append(_syntax(error, source))
    except (ValueError, OverflowError):
        # PyYAML lets an escape beyond Unicode (``"\U00110000"``) escape as ValueError.
        mark = loader.get_mark()
        place = Place(source, mark.line + 1, mark.column + 1)
        builder.mistakes.append(Mistake(place, "not YAML: an escape beyond all bounds"))
    finally:
        loader.dispose()
    if builder.mistakes:
        raise input_error(builder.mistakes)
    return ParsedText(source, data, builder.keys, builder.values)


def _syntax(error: yaml.MarkedYAMLError, source: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    place = Place(source, 1) if mark is None else Place(source, mark.line + 1, mark.column + 1)
    if error.problem == _TAB:
        return Mistake(place, "not YAML: a tab in the indentation", "indent with spaces")
    context = error.context
    if context and error.context_mark:
        context += f" that begins in line {error.context_mark.line + 1}"
    return Mistake(place, f"not YAML: {error.problem or error.context}", context)


class _StopReading(Exception):  # noqa: N818 - not an error but the end of our patience
    """What follows cannot be read in a sensible way."""


class _Builder:
    """Turns events into data, and remembers places and mistakes."""

    def __init__(
        self, next_event: Callable[[], yaml.Event], source: str, functions: frozenset[str]
    ) -> None:
        self._next = next_event
        self._source = source
        self._functions = functions
        self.keys: dict[JsonPath, Place] = {}
        self.values: dict[JsonPath, Place] = {}
        self.mistakes: list[Mistake] = []

    def _mistake(self, event: yaml.Event, message: str, hint: str | None = None) -> None:
        self.mistakes.append(Mistake(self._place(event), message, hint))

    def document(self) -> object:
        """The only document of the stream."""
        self._next()  # the stream's start
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self._mistake(event, "the file is empty")
            raise _StopReading
        data = self._node(self._next(), ())
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._mistake(
                event,
                "a second document begins here",
                "a file holds one document: remove the `---`",
            )
            raise _StopReading
        return data

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._source, mark.line + 1, mark.column + 1) if mark else Place(self._source)

    def _node(self, event: yaml.Event, path: JsonPath) -> object:
        self.values[path] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._mistake(event, f"alias `*{event.anchor}`", "write the value out")
            return None
        if not isinstance(event, yaml.NodeEvent):
            raise _StopReading
        if len(path) > DEPTH_MAX:
            self._mistake(event, f"nested deeper than {DEPTH_MAX} levels")
            raise _StopReading
        tag = getattr(event, "tag", None)
        if tag in self._functions:
            return {tag: self._content(event, path)}
        self._plain(event)
        return self._content(event, path)

    def _content(self, event: yaml.NodeEvent, path: JsonPath) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _plain(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._mistake(event, f"anchor `&{event.anchor}`", "write each value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._mistake(event, f"tag `{tag}`", "remove the tag: values are plain data")

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        bad = control_character(event.value, allowed="\n\t")
        if bad is not None:
            self._mistake(event, f"control character U+{ord(bad):04X} in a text")
            return ""
        if not event.implicit[0]:
            return event.value
        try:
            return plain_scalar(event.value)
        except ValueError as error:
            self.mistakes.append(mistake_at(self._place(event), error))
            return None

    def _sequence(self, path: JsonPath) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: JsonPath) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            here = (*path, key)
            if key in found:
                hint = f"it is already in line {self.keys[here].line}"
                self._mistake(event, f"duplicate key `{shown(key)}`", hint)
            self.keys.setdefault(here, self._place(event))
            found[key] = self._node(self._next(), here)
        return found

    def _key(self, event: yaml.Event, path: JsonPath) -> str:
        # No list has an index -1: what stands within a key has no path of its own.
        key = self._node(event, (*path, -1))
        del self.values[(*path, -1)]
        if isinstance(key, str):
            return key
        self._mistake(event, "a key that is not text", "put it in quotes")
        return f"?{len(self.mistakes)}"

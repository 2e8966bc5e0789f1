"""The XML of an export: entries by name, members of lists, values as text.

Nothing outside of the text is ever read: a document type, and with it every entity, is refused.
"""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from callgate.dialects.pan_os.reading.tree import DEPTH_MAX, Node
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Unmodelled

#: More elements than the largest firewall has.
_ELEMENTS_MAX: Final = 4_000_000


@dataclass(slots=True)
class _Open:
    """An element that has no end yet."""

    node: Node
    place: Place
    member: bool = False
    parts: list[str] = field(default_factory=list)
    full: bool = False


class _Reader:
    """Builds the tree while expat calls."""

    def __init__(self, source: str, root: Node, unmodelled: list[Unmodelled]) -> None:
        self._source = source
        self._open = [_Open(root, Place(source, 1))]
        self._unmodelled = unmodelled
        self.count = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype

    def read(self, text: str) -> None:
        """Read a whole document; InputError when it is none."""
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            message = f"no well-formed XML: {expat.ErrorString(error.code)}"
            raise InputError([Mistake(Place(self._source, error.lineno), message)]) from None

    @property
    def _place(self) -> Place:
        return Place(self._source, self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        message = "a document type or an entity: no export has one, and none is followed"
        raise InputError([Mistake(self._place, message)])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        place = self._place
        if len(self._open) > DEPTH_MAX or self.count > _ELEMENTS_MAX:
            raise InputError([Mistake(place, "nested deeper, or longer, than any configuration")])
        above = self._open[-1]
        above.full = True
        self._stray(above)
        if tag == "member":
            self._open.append(_Open(above.node, place, member=True))
            return
        name = attributes.get("name", "") if tag == "entry" else tag
        if not name:
            self._unmodelled.append(Unmodelled("<entry>", place, "an entry without a name"))
        self._open.append(_Open(above.node.add(name, place), place))

    def _end(self, tag: str) -> None:
        del tag
        closed = self._open.pop()
        text = "".join(closed.parts).strip()
        if closed.full:
            self._stray(closed)
        elif text or closed.member:
            closed.node.put(text, closed.place)

    def _text(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _stray(self, element: _Open) -> None:
        """Words between elements, as templates have them; they are no part of the language."""
        text = " ".join("".join(element.parts).split())
        element.parts.clear()
        if text:
            hint = "text between elements: is this a template that was not filled in?"
            self._unmodelled.append(Unmodelled(text[:160], self._place, hint))


def read(text: str, source: str, root: Node, unmodelled: list[Unmodelled]) -> int:
    """Read a document into the tree; how many elements there were."""
    reader = _Reader(source, root, unmodelled)
    reader.read(text)
    return reader.count

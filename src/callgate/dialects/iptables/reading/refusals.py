"""Texts that are not what iptables-save writes, and what to do about each."""

import re
from typing import Final

from callgate.dialects.recognition.iptables import FOREIGN_SAVE, LOOK, RELATED, TABLE
from callgate.errors import InputError, Mistake
from callgate.places import Place

#: Longest line that we read; ``iptables-restore`` itself stops at 10,240 characters.
LINE_MAX: Final = 65_536

_CONTROLS: Final = "".join(map(chr, (*range(9), 11, *range(14, 32), 127)))
_SAVE: Final = "give the output of 'iptables-save' (or 'ip6tables-save')"

_OTHERS: Final = (
    (re.compile(r"^[ \t]*(?:add )?table (?:ip6?|inet|arp|bridge|netdev) ", re.MULTILINE),
     "nftables text", "use the dialect nftables"),
    (re.compile(r"^\s*[{\[]"), "JSON", _SAVE),
    (re.compile(r"^\s*<"), "XML", _SAVE),
)  # fmt: skip


def lines_of(text: str, source: str) -> list[str]:
    """The lines without their ends; InputError for what no parser should look at."""
    # One search for each is many times faster than one pattern for all of them.
    found = [text.index(control) for control in _CONTROLS if control in text]
    if found:
        row = text.count("\n", 0, min(found)) + 1
        column = min(found) - text.rfind("\n", 0, min(found))
        _refuse(Place(source, row, column), "not text: a control character", _SAVE)
    lines = text.removeprefix("\ufeff").split("\n")
    if max(map(len, lines)) <= LINE_MAX:
        return lines
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX:
            what = f"a line of {len(line):,} characters; {LINE_MAX:,} is the most"
            _refuse(Place(source, number), what, _SAVE)
    return lines


def refuse_other_dialects(text: str, source: str) -> None:
    """InputError when a text has no table of iptables-save at all, and what it seems to be."""
    foreign = FOREIGN_SAVE.search(text[:LOOK])
    if foreign is not None:
        line = text.count("\n", 0, foreign.start()) + 1
        _refuse(Place(source, line), f"the output of {foreign.group(1)}-save", _SAVE)
    if TABLE.search(text):
        return
    for shape, what in RELATED:
        found = shape.search(text)
        if found is not None:
            line = text.count("\n", 0, found.start()) + 1
            _refuse(Place(source, line), f"this is {what}", f"load it, then {_SAVE}")
    for shape, what, hint in _OTHERS:
        if shape.search(text):
            _refuse(Place(source, 1), f"this is {what}, not iptables-save", hint)
    _refuse(Place(source, 1), "no table of iptables-save (a line such as '*filter') is here", _SAVE)


def _refuse(place: Place, message: str, hint: str) -> None:
    raise InputError([Mistake(place, message, hint)])

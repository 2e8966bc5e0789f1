"""Bytes of a PAC file made text, as its readers do it.

No server's ``Content-Type`` is known here, so a byte order mark decides, and without one
the reader's default does.
"""

import codecs
from dataclasses import dataclass

from callgate.errors import InputError, Mistake
from callgate.pac.readers import Reader
from callgate.places import Place
from callgate.verdicts import Finding, Line, Severity

#: No reader takes a file of this length; nor do we (bytes).
HARD_LIMIT = 16 << 20
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding that it was read in, and what is to be said about that."""

    text: str
    encoding: str
    findings: tuple[Finding, ...]


def decode(data: bytes, source: str, reader: Reader) -> Decoded:
    """The text that a reader sees; InputError for what is no text at all."""
    if not data.strip():
        raise InputError([Mistake(Place(source), "the file is empty")])
    if len(data) > HARD_LIMIT:
        raise InputError([Mistake(Place(source), f"{len(data):,} bytes are no PAC file")])
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            text = _decoded(data[len(mark) :], encoding, source)
            return Decoded(
                text, encoding, (*_size(data, source, reader), _marked(source, encoding))
            )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        hint = "UTF-16 without a byte order mark? save it as ASCII"
        raise InputError([Mistake(Place(source, line), "not text: it holds NUL bytes", hint)])
    text, encoding = _by_default(data, reader)
    return Decoded(text, encoding, (*_size(data, source, reader), *_foreign(data, source, reader)))


def _decoded(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            [Mistake(Place(source), f"not {encoding.upper()}: {error.reason}")]
        ) from None


def _by_default(data: bytes, reader: Reader) -> tuple[str, str]:
    for encoding in reader.encodings[:-1]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    last = reader.encodings[-1]
    return data.decode(last), last


def _marked(source: str, encoding: str) -> Finding:
    """A mark that Chromium understands (seen in 156); others may not."""
    severity = Severity.NOTE if encoding == "utf-8" else Severity.WARNING
    message = (
        f"the file begins with a byte order mark ({encoding.upper()}): Chrome reads it, older "
        "clients may not; save it as ASCII without a mark"
    )
    return Finding("pac-encoding", severity, message, Line(Place(source, 1, 1), ""))


def _size(data: bytes, source: str, reader: Reader) -> tuple[Finding, ...]:
    if reader.size_limit is None or len(data) <= reader.size_limit:
        return ()
    message = (
        f"the file is {len(data):,} bytes long; {reader.title} reads at most "
        f"{reader.size_limit:,}, ignores it and goes DIRECT"
    )
    return (Finding("pac-size", Severity.ERROR, message, Line(Place(source), "")),)


def _foreign(data: bytes, source: str, reader: Reader) -> tuple[Finding, ...]:
    """Bytes beyond ASCII, which each reader takes for something else."""
    at = next((index for index, byte in enumerate(data) if byte > 0x7F), None)
    if at is None:
        return ()
    start = data.rfind(b"\n", 0, at) + 1
    line = data[start : data.find(b"\n", at) % (len(data) + 1)]
    place = Place(source, data.count(b"\n", 0, at) + 1, at - start + 1)
    message = (
        f"not ASCII: {reader.title} reads it as {reader.encodings[0].upper()} unless the server "
        "says otherwise"
    )
    shown = Line(place, line.decode("latin-1").strip())
    return (Finding("pac-encoding", Severity.WARNING, message, shown),)

"""How each product reads a domain entry, read off the matchers."""

from callgate.names import DomainPattern
from callgate.names.matchers import MATCHERS, Traits

INTRODUCTION = """\
# How products read a domain

What each product makes of an entry, and what Callgate writes for the document's
`*.goto.com`. *Measured*: the product was given hosts and this is what it did. *Documented*:
its vendor's page or its source says so, and nobody here has tried it. *Unconfirmed*: the
sources leave something open, and the note says what; what we assume is the wider reading.

"""
COLUMNS = {
    "apex": "takes goto.com",
    "depth": "labels below",
    "case": "case",
    "trailing_dot": "trailing dot",
    "slash": "slash",
    "grammar": "grammar",
}
EXAMPLE = DomainPattern.parse("*.goto.com")
#: Entries that a list of one for each depth shows.
SHOWN = 2


def matcher_page() -> str:
    """A table to look up what to write, then a section for each product."""
    rows = [
        [
            f"[{matcher.traits.title}](#{matcher.traits.id})",
            _entries(matcher.entries_for(EXAMPLE)),
            matcher.traits.apex,
            _text(matcher.traits.depth),
            f"**{matcher.traits.confirmed}**"
            if "unconfirmed" in str(matcher.traits)
            else str(matcher.traits.confirmed),
        ]
        for matcher in MATCHERS.values()
    ]
    head = ["product", "for `*.goto.com`", COLUMNS["apex"], COLUMNS["depth"], "how we know"]
    table = [_line(head), _line(["---"] * len(head)), *map(_line, rows)]
    sections = [line for matcher in MATCHERS.values() for line in _section(matcher.traits)]
    return INTRODUCTION + "\n".join([*table, "", *sections])


def _section(traits: Traits) -> list[str]:
    facts = [f"- {title}: {_text(getattr(traits, name))}" for name, title in COLUMNS.items()]
    note = [f"- note: {_text(traits.note)}"] if traits.note else []
    source = f"- {traits.confirmed}; source: <{traits.source}>"
    return [f"({traits.id})=", f"## {traits.title}\n", *facts, *note, source, ""]


def _entries(entries: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{entry}`" for entry in entries[:SHOWN])
    return shown.replace("|", "\\|") + (" …" if len(entries) > SHOWN else "")


def _text(text: str) -> str:
    """Markdown takes an asterisk for emphasis."""
    return text.replace("*", "\\*")


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"

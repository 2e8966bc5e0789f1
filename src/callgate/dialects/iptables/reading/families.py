"""Which part of a text is for iptables-restore, and which for ip6tables-restore."""

from callgate.dialects.iptables.reading.refusals import lines_of, refuse_other_dialects
from callgate.dialects.iptables.reading.sections import Sections
from callgate.errors import InputError, Mistake
from callgate.flows import Family


def by_family(text: str, source: str) -> dict[Family, str]:
    """The tables of each family, as they stand in the text.

    InputError holds every mistake: also what restoring would refuse or leave out, and
    tables of which neither a header nor an address says the family.
    """
    lines = lines_of(text, source)
    refuse_other_dialects(text, source)
    cut = Sections(source)
    cut.read(lines)
    doubts = [Mistake(each.place, f"{each.text!r}", each.hint) for each in cut.unmodelled]
    if cut.mistakes or doubts:
        raise InputError([*cut.mistakes, *doubts])
    found: dict[Family, list[str]] = {}
    for section in cut.tables:
        start = section.place.line - 1
        ends = (row for row in range(start, len(lines)) if lines[row].strip() == "COMMIT")
        if section.family is not None:
            found.setdefault(section.family, []).extend(lines[start : next(ends) + 1])
    return {family: "\n".join(part) + "\n" for family, part in found.items()}

"""iptables as a language that can be read: ``detect`` and ``parse``."""

from typing import Final

from callgate.dialects.iptables.reading.ipset import Sets
from callgate.dialects.iptables.reading.parse import parse, parse_sets
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.iptables import detect
from callgate.errors import CallgateError
from callgate.rules import Ruleset

#: The file beside the rules that holds their sets; ipset-persistent calls it so.
SETS: Final = "ipsets"


class IptablesReader:
    """What iptables-save and ip6tables-save print."""

    name = "iptables"
    title = "iptables (Linux)"

    def detect(self, text: str) -> bool:
        """Whether a text holds tables or rules in the words of iptables."""
        return detect(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the text says; InputError holds every mistake with its place.

        Where it matches named sets, their contents come from :data:`SETS`, the output of
        ``ipset save``. Without it each such match is a condition.
        """
        return parse(text, source, _sets(include) if "--match-set" in text else None)


def _sets(include: Include) -> Sets | None:
    try:
        given = list(include(SETS))
    except CallgateError:
        return None  # the file is optional
    found = Sets()
    for source, text in given:
        found.contents.update(parse_sets(text, source).contents)
    return found

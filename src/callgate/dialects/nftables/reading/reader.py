"""nftables as a language that can be read: ``detect`` and ``parse``."""

import re
from typing import Final

from callgate.dialects.nftables.reading.commands import read_script
from callgate.dialects.nftables.reading.ruleset import ruleset
from callgate.dialects.nftables.reading.tokens import Source
from callgate.dialects.reading import Include, nothing_to_include
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Ruleset

#: How far into a text its language must show.
_LOOK: Final = 200_000
_FAMILY: Final = r"(?:ip|ip6|inet|arp|bridge|netdev)"
_NAME: Final = r'(?:[A-Za-z_][A-Za-z0-9_./-]*|"[^"\n]*")'
_SIGNS: Final = re.compile(
    rf"^[ \t]*(?:(?:add|create|delete|destroy|flush)[ \t]+)?(?:"
    rf"table[ \t]+(?:{_FAMILY}[ \t]+)?{_NAME}[ \t]*(?:\{{|;|\#|\r?$)"
    rf"|flush[ \t]+ruleset\b"
    rf"|(?:add|insert)[ \t]+rule[ \t]+(?:{_FAMILY}[ \t]+)?{_NAME}[ \t]+{_NAME}[ \t]"
    rf"|(?:re)?define[ \t]+{_NAME}[ \t]*=)"
    rf"|^\#![^\n]*\bnft\b",
    re.MULTILINE,
)
_JSON: Final = re.compile(r"\s*[\[{]")


class NftablesReader:
    """What ``nft list ruleset`` prints, and files for ``nft -f``."""

    name = "nftables"
    title = "nftables (Linux)"

    def detect(self, text: str) -> bool:
        """Whether a text holds tables, definitions or commands as nft writes them."""
        head = text[:_LOOK]
        if _JSON.match(head):
            return '"nftables"' in head
        return _SIGNS.search(head) is not None

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the text says; InputError holds every mistake with its place."""
        if _JSON.match(text):
            raise InputError(
                [
                    Mistake(
                        Place(source, 1, 1),
                        "this is JSON, as nft -j prints it",
                        "give the text instead: nft list ruleset",
                    )
                ]
            )
        return ruleset(read_script(Source(source, text), include), source)

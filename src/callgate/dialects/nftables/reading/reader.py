"""nftables as a language that can be read: ``detect`` and ``parse``."""

from callgate.dialects.nftables.reading.commands import read_script
from callgate.dialects.nftables.reading.ruleset import ruleset
from callgate.dialects.nftables.reading.tokens import Source
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.nftables import JSON, detect
from callgate.errors import InputError, Mistake
from callgate.places import Place
from callgate.rules import Ruleset


class NftablesReader:
    """What ``nft list ruleset`` prints, and files for ``nft -f``."""

    name = "nftables"
    title = "nftables (Linux)"

    def detect(self, text: str) -> bool:
        """Whether a text holds tables, definitions or commands as nft writes them."""
        return detect(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the text says; InputError holds every mistake with its place."""
        if JSON.match(text):
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

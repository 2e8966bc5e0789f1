"""Telling what nft reads and prints by its commands and tables."""

import re
from typing import Final

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
#: How JSON begins.
JSON: Final = re.compile(r"\s*[\[{]")


def detect(text: str) -> bool:
    """Whether a text holds tables, definitions or commands as nft writes them."""
    head = text[:_LOOK]
    if JSON.match(head):
        return '"nftables"' in head
    return _SIGNS.search(head) is not None

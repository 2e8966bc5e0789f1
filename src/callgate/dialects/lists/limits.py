"""How many entries a list may have."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Final

from callgate.errors import UnsupportedError
from callgate.names.matchers import Confirmed


@dataclass(frozen=True, slots=True)
class Limit:
    """The most entries, of what, and who says so."""

    entries: int
    of: str
    source: str
    confirmed: Confirmed

    def __str__(self) -> str:
        doubt = " (unconfirmed)" if self.confirmed is Confirmed.UNCONFIRMED else ""
        return f"{self.entries:,} {self.of}{doubt}"


#: Raised by the vendor for some customers; the page lists it among many others.
ZSCALER: Final = Limit(
    25_000,
    "custom URLs in all categories together",
    "https://help.zscaler.com/zia/ranges-limitations",
    Confirmed.UNCONFIRMED,
)
#: Said of every model in the help of 7.1; later releases take more on bigger models.
PAN: Final = Limit(
    50_000,
    "entries in all lists of a type together",
    "https://docs.paloaltonetworks.com/pan-os/7-1/pan-os-web-interface-help/objects/"
    "objects-external-dynamic-lists.html",
    Confirmed.DOCUMENTED,
)
PAN_EXCLUSION: Final = Limit(
    1_024,
    "decryption exclusions",
    "https://docs.paloaltonetworks.com/pan-os/11-1/pan-os-admin/decryption/decryption-exclusions",
    Confirmed.UNCONFIRMED,
)
#: What one request of the API takes; a list may be longer.
UMBRELLA_REQUEST: Final = Limit(
    500,
    "destinations in one request of the API",
    "https://developer.cisco.com/docs/cloud-security/"
    "umbrella-api-reference-destination-lists-overview",
    Confirmed.DOCUMENTED,
)


def refuse_longer(entries: Sized, limit: Limit, title: str, hint: str) -> None:
    """UnsupportedError with both numbers when a list is longer than its product takes."""
    if len(entries) > limit.entries:
        raise UnsupportedError(
            f"the list would have {len(entries):,} entries, and {title} takes {limit} "
            f"({limit.source})",
            hint=hint,
        )

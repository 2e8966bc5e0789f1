"""The lines that make dnsmasq put addresses into sets, and what such sets cannot do."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from callgate.errors import UsageError
from callgate.flows import Family

#: Names of sets; those of the nftables dialect are the same.
SETS: Final = {family: f"callgate_names_v{family.value}" for family in Family}
#: What nobody should be surprised by; goes into every file that relies on such sets.
LIMITS: Final = (
    (
        "A packet carries an address, and addresses are shared: whatever else is served from the "
        "same addresses (other customers of a content network) is open as well."
    ),
    (
        "Only answers that dnsmasq fetches fill the sets. Clients must ask this dnsmasq and no "
        "other resolver; names that a client knows from before, or by encrypted DNS elsewhere, "
        "stay closed until it asks here."
    ),
    (
        "An answer from dnsmasq's cache fills nothing: after the rules were loaded anew, empty it "
        "(systemctl reload dnsmasq)."
    ),
)
_TABLE: Final = re.compile(r"(inet|ip|ip6) [A-Za-z_][A-Za-z0-9_.-]*")


def nft_lines(names: Iterable[str], families: Iterable[Family], table: str) -> Iterator[str]:
    """``nftset=`` lines (dnsmasq 2.87 and later) for sets in ``FAMILY TABLE``.

    Each set gets the answers of its own family only; UsageError for what is no table.
    """
    if not _TABLE.fullmatch(table):
        raise UsageError(
            f"not an nftables table with its family: {table!r}", hint="for example inet callgate"
        )
    sets = ",".join(
        f"{family.value}#{table.replace(' ', '#')}#{SETS[family]}" for family in families
    )
    return (f"nftset=/{name}/{sets}" for name in names)


def ipset_lines(names: Iterable[str], families: Iterable[Family]) -> Iterator[str]:
    """``ipset=`` lines for sets of ipset(8)."""
    sets = ",".join(SETS[family] for family in families)
    return (f"ipset=/{name}/{sets}" for name in names)

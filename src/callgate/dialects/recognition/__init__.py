"""Telling which language a text is in, before any reader is imported (pure).

Readers are big, and a file is in one language: so what tells the languages apart stands
here, by the names of the readers, whose ``detect`` is the same function.
"""

from collections.abc import Callable
from typing import Final

from callgate.dialects.recognition import cisco, iptables, nftables, others


def _never(text: str) -> bool:
    """A language that looks like others, and is read only when it is asked for."""
    del text
    return False


#: By the name of a reader whether it claims a text.
SIGNS: Final[dict[str, Callable[[str], bool]]] = {
    "nftables": nftables.detect,
    "iptables": iptables.detect,
    "cisco-asa": cisco.is_asa,
    "cisco-ios": cisco.is_ios,
    "juniper-srx": others.is_srx,
    "fortigate": others.is_fortigate,
    "pan-os": others.is_pan_os,
    "windows": others.is_windows,
    "aws": others.is_aws,
    "squid": others.is_squid,
    "fortigate-proxy": _never,
    "zscaler": _never,
    "pan-edl": _never,
    "pan-edl-domain": _never,
    "pan-exclusion": _never,
    "umbrella": _never,
}

"""Address objects: subnets, ranges, wildcards and names; the rest is a condition.

Source: "FortiOS CLI Reference", config firewall address (``type`` is ``ipmask`` unless said
otherwise, ``subnet`` 0.0.0.0/0), config firewall address6 (``ip6`` is ::/0), config firewall
addrgrp.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callgate.dialects.cisco import addresses as masks
from callgate.dialects.fortigate.reading.findings import Findings
from callgate.dialects.fortigate.reading.tables import Edit
from callgate.flows import Family, IntervalSet
from callgate.names import DomainPattern
from callgate.rules import Addresses, Literal, Names

_LATER: Final = "which addresses these are is known on the device only"


@dataclass(frozen=True, slots=True)
class End:
    """Some addresses, or None for every one; ``condition`` if it hangs on something."""

    addresses: Addresses | None
    condition: Literal | None = None


class AddressReader:
    """Reads the objects of one family."""

    def __init__(self, family: Family, findings: Findings) -> None:
        self._family = family
        self._findings = findings

    def read(self, edit: Edit) -> list[End]:
        """What an object holds."""
        kind = edit.word("type", "ipmask" if self._family is Family.V4 else "ipprefix")
        try:
            if kind == "fqdn":
                return list(self._names(edit))
            return [End(self._addresses(edit, kind))]
        except (ValueError, IndexError) as error:
            hint = str(error) or _LATER
            literal = self._findings.condition(f"it is in {edit.name}", edit.place, hint)
            return [End(None, literal)]

    def _addresses(self, edit: Edit, kind: str) -> Addresses:
        match kind:
            case "ipmask":
                return self._of(_subnet(edit.words("subnet") or ("0.0.0.0/0",)))
            case "ipprefix":
                network = ipaddress.IPv6Network(edit.word("ip6", "::/0"), strict=False)
                return self._of((int(network.network_address), int(network.broadcast_address)))
            case "iprange":
                low, high = (edit.word(key) for key in ("start-ip", "end-ip"))
                return self._of((self._address(low), self._address(high)))
            case "wildcard":
                return Addresses(v4=_wildcard(edit.words("wildcard")))
            case _:
                raise ValueError(f"type {kind}: {_LATER}")

    def _names(self, edit: Edit) -> Iterator[End]:
        """The names that an object matches; a wildcard takes the apex too, or it does not."""
        text = edit.word("fqdn")
        pattern = DomainPattern.parse(text)
        yield End(Addresses(names=Names((pattern,))))
        if pattern.below:
            hint = "whether a wildcard takes the apex is said differently by different sources"
            literal = self._findings.condition(f"{text} takes the apex", edit.place, hint)
            apex = Names((DomainPattern(pattern.base),))
            yield End(Addresses(names=apex), literal)

    def _address(self, text: str) -> int:
        address = ipaddress.ip_address(text)
        if address.version != self._family:
            raise ValueError(f"not an {self._family} address: {text!r}")
        return int(address)

    def _of(self, bounds: tuple[int, int]) -> Addresses:
        found = IntervalSet.of(bounds)
        return Addresses(v4=found) if self._family is Family.V4 else Addresses(v6=found)


def _subnet(words: tuple[str, ...]) -> tuple[int, int]:
    """``192.0.2.0 255.255.255.0`` or ``192.0.2.0/24``."""
    network = ipaddress.IPv4Network("/".join(words), strict=False)
    return int(network.network_address), int(network.broadcast_address)


def _wildcard(words: tuple[str, ...]) -> IntervalSet:
    """Bits that are set in the mask count; ValueError for too scattered a mask."""
    address, mask = (int(ipaddress.IPv4Address(word)) for word in words[:2])
    found = masks.wildcard(address & mask, mask ^ 0xFFFFFFFF)
    if found is None:
        raise ValueError("the wildcard is too scattered to follow")
    return found.v4


def all_of(family: Family, name: str) -> list[End] | None:
    """The objects that every device has without being told."""
    if name == "all":
        return [End(None)]
    if name == "none":
        only = IntervalSet.points((0,))
        return [End(Addresses(v4=only) if family is Family.V4 else Addresses(v6=only))]
    return None

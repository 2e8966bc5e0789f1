"""Values that rules repeat, read once: addresses, ports, protocols, interfaces.

A long ruleset writes the same network thousands of times. Equal texts give the same
object here, which is faster to read and lets the engines share work as well.
"""

from callgate.dialects.iptables.reading import numbers
from callgate.dialects.iptables.reading.addresses import address_range, networks
from callgate.flows import Family, IntervalSet
from callgate.rules import Addresses, Interfaces


class Values:
    """Caches for the rules of one family."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self._full = IntervalSet(((0, (1 << family.bits) - 1),))
        self._addresses: dict[str, Addresses | None] = {}
        self._ports: dict[tuple[str, bool], IntervalSet | None] = {}
        self._protocols: dict[tuple[str, bool], IntervalSet | None] = {}
        self._interfaces: dict[tuple[str, bool], Interfaces | None] = {}

    def addresses(self, text: str, negated: bool, *, span: bool = False) -> Addresses | None:
        """A list of networks, or with ``span`` a range; None is every address.

        ValueError when it cannot be read as addresses of this family.
        """
        key = f"{'!' if negated else ''}{'-' if span else ''}{text}" if negated or span else text
        try:
            return self._addresses[key]
        except KeyError:
            found = self._addresses[key] = self._read_addresses(text, negated, span)
            return found

    def ports(self, text: str, negated: bool) -> IntervalSet | None:
        """A list of ports and ranges; ValueError when it is none."""
        key = text, negated
        try:
            return self._ports[key]
        except KeyError:
            found = numbers.ports(text)
            found = self._ports[key] = _negated(found) if negated else found
            return found

    def protocols(self, text: str, negated: bool) -> IntervalSet | None:
        """A protocol; ValueError when it is none, or no packet could match."""
        key = text, negated
        if key not in self._protocols:
            found = numbers.protocols(text)
            if negated and found is None:
                raise ValueError(f"'! -p {text}' matches nothing, and iptables refuses it")
            self._protocols[key] = (
                numbers.others(found, protocol=True) if negated and found else found
            )
        return self._protocols[key]

    def icmp(self, text: str, negated: bool, family: Family) -> IntervalSet | None:
        """An ICMP type, or one and its code; ValueError when it is none."""
        found = numbers.icmp_types(text, family)
        return _negated(found) if negated else found

    def interfaces(self, text: str, negated: bool) -> Interfaces | None:
        """A name, where a plus at its end is the wildcard; None is every interface."""
        key = text, negated
        if key not in self._interfaces:
            self._interfaces[key] = _interfaces(text, negated)
        return self._interfaces[key]

    def _read_addresses(self, text: str, negated: bool, span: bool) -> Addresses | None:
        read = address_range if span else networks
        found = read(text, self.family)
        if found is None:
            raise ValueError(f"{text!r} is not an {self.family} address")
        if negated:
            found = self._full - found
        elif found.intervals == self._full.intervals:
            return None
        empty = IntervalSet.EMPTY
        return Addresses(found, empty) if self.family is Family.V4 else Addresses(empty, found)


def _negated(values: IntervalSet | None) -> IntervalSet:
    return IntervalSet.EMPTY if values is None else numbers.others(values)


def _interfaces(text: str, negated: bool) -> Interfaces | None:
    if not text or text.endswith("*"):
        raise ValueError(f"{text!r} is not a name of an interface")
    if not text.endswith("+"):
        return Interfaces((text,), negated)
    return None if text == "+" and not negated else Interfaces((f"{text[:-1]}*",), negated)

"""Source and destination arguments of the ASA's lists and objects.

Source: "Cisco ASA Series Command Reference", ``access-list extended``
(``source_address_argument``), ``object network``, ``object-group network``, ``name``. The
ASA takes netmasks, not wildcards, and refuses an address with bits outside its netmask.
"""

from collections.abc import Mapping
from typing import Final

from callgate.dialects.cisco import addresses
from callgate.dialects.cisco.cursor import Cursor
from callgate.dialects.cisco.ends import (
    ANY_V4,
    ANY_V6,
    ANYWHERE,
    ONLY_V4,
    ONLY_V6,
    Alternative,
    End,
    end_of,
    uncertain,
)
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.names import DomainPattern
from callgate.rules import BOTH_FAMILIES, Addresses, Names

_WILDCARD_HINT = "the ASA takes netmasks; this looks like a wildcard of IOS"


class EndReader:
    """Reads ends; knows the names, the objects and the interfaces of a configuration.

    ``any_end`` is what ``any`` means: both families from 9.0 on, IPv4 before.
    """

    def __init__(
        self,
        findings: Findings,
        names: Mapping[str, str],
        groups: Groups[Alternative],
        own: Mapping[str, Addresses],
        any_end: End = ANYWHERE,
    ) -> None:
        self._findings = findings
        self._names = names
        self._groups = groups
        self._own = own
        self._simple: Final = {"any": any_end, "any4": ANY_V4, "any6": ANY_V6}
        self._known: dict[tuple[str, str], End] = {}

    def end(self, cursor: Cursor) -> End:
        """Read one source or destination."""
        word = cursor.next("address")
        if word in self._simple:
            return self._simple[word]
        if word == "host":
            return self._cached("host", cursor.next("address"), cursor)
        if word in {"object", "object-group"}:
            return self._group(cursor)
        if word == "interface":
            return self._interface(cursor)
        if word == "object-group-network-service":
            name = cursor.next("name of a group")
            hint = "network-service objects follow DNS answers and applications"
            return uncertain(self._findings.condition(cursor.line, f"{word} {name}", hint))
        return self._network(word, cursor)

    def _network(self, word: str, cursor: Cursor) -> End:
        address = self._names.get(word, word)
        if ":" in address or "/" in address:
            return self._cached("prefix", address, cursor)
        return self._cached(address, cursor.next("netmask"), cursor)

    def _cached(self, first: str, second: str, cursor: Cursor) -> End:
        key = (first, second)
        if key not in self._known:
            try:
                self._known[key] = end_of(self._addresses(first, second))
            except ValueError as error:
                cursor.fail(str(error), back=1)
        return self._known[key]

    def _addresses(self, first: str, second: str) -> Addresses:
        if first == "host":
            return self.host(second)
        if first == "prefix":
            return addresses.v6_prefix(second) if ":" in second else addresses.v4_prefix(second)
        return network(addresses.v4(first), addresses.v4(second))

    def host(self, word: str) -> Addresses:
        """One address of either family, or its name; ValueError when it is neither."""
        address = self._names.get(word, word)
        if ":" in address:
            return addresses.v6_prefix(address + "/128")
        value = addresses.v4(address)
        return addresses.v4_range(value, value)

    def _group(self, cursor: Cursor) -> End:
        name = cursor.next("name of an object")
        if name not in self._groups:
            cursor.fail(f"there is no network object {name!r}", back=1)
        return self._groups.resolve(name)

    def _interface(self, cursor: Cursor) -> End:
        name = cursor.next("name of an interface")
        if name in self._own:
            return end_of(self._own[name])
        hint = "the address of this interface does not stand in the configuration"
        return uncertain(self._findings.condition(cursor.line, f"address of {name}", hint))

    def object_member(self, cursor: Cursor) -> End:
        """Read the value of an object: ``host``, ``subnet``, ``range`` or ``fqdn``."""
        kind = cursor.next("kind of value")
        if kind == "subnet":
            end = self._network(cursor.next("address"), cursor)
        elif kind == "range":
            end = self._range(cursor)
        elif kind == "fqdn":
            end = _fqdn(cursor)
        elif kind == "host":
            end = self._cached("host", cursor.next("address"), cursor)
        else:
            cursor.fail(f"{kind!r} is no value of a network object", back=1)
        cursor.end()
        return end

    def _range(self, cursor: Cursor) -> End:
        first, last = cursor.next("first address"), cursor.next("last address")
        first, last = self._names.get(first, first), self._names.get(last, last)
        try:
            if ":" in first:
                return end_of(addresses.v6_range(first, last))
            return end_of(addresses.v4_range(addresses.v4(first), addresses.v4(last)))
        except ValueError as error:
            cursor.fail(str(error), back=2)


def network(address: int, mask: int) -> Addresses:
    """A network as the ASA takes it; ValueError where it would refuse."""
    try:
        found = addresses.masked(address, mask)
    except ValueError as error:
        hint = f": {_WILDCARD_HINT}" if not mask >> 31 else ""
        raise ValueError(f"{error}{hint}") from None
    if found.v4.lowest != address:
        raise ValueError("the address has bits outside its netmask, which the ASA refuses")
    return found


def _fqdn(cursor: Cursor) -> End:
    """``fqdn [v4 | v6] NAME``: exactly this name, as the ASA's own resolver sees it."""
    families = BOTH_FAMILIES
    if cursor.accept("v4"):
        families = ONLY_V4
    elif cursor.accept("v6"):
        families = ONLY_V6
    word = cursor.next("name")
    try:
        pattern = DomainPattern.parse(word)
    except ValueError as error:
        cursor.fail(str(error), back=1)
    if pattern.below:
        cursor.fail("the ASA's fqdn takes no wildcard", back=1)
    return (Alternative(families, Addresses(names=Names((pattern,)))),)

"""Source and destination arguments of IOS's lists and groups.

Source: "Cisco IOS Security Command Reference", ``permit (IP)``, ``permit (IPv6)``,
``object-group network``. A list takes wildcards (a bit that is set does not count), a
group takes netmasks. Lengths of prefixes, as NX-OS writes them, are read too.
"""

from callgate.dialects.cisco import addresses
from callgate.dialects.cisco.cursor import Cursor
from callgate.dialects.cisco.ends import ANY_V4, ANY_V6, ONLY_V4, Alternative, End, end_of
from callgate.dialects.cisco.findings import Findings
from callgate.dialects.cisco.groups import Groups
from callgate.flows import Family

_NETMASK_HINT = "this looks like a netmask; IOS takes a wildcard here"


class EndReader:
    """Reads the ends of IPv4 and of IPv6 lists."""

    def __init__(self, findings: Findings, groups: Groups[Alternative]) -> None:
        self._findings = findings
        self._groups = groups
        self._known: dict[tuple[str, str], End] = {}

    def end(self, cursor: Cursor, family: Family) -> End:
        """Read one source or destination of a list of that family."""
        word = cursor.next("address")
        if word == "any":
            return ANY_V4 if family is Family.V4 else ANY_V6
        if word in {"object-group", "addrgroup"}:
            return self._group(cursor)
        if word == "host":
            return self._cached("host", cursor.next("address"), cursor)
        if family is Family.V6 or "/" in word:
            return self._cached("prefix", word, cursor)
        return self._wildcard(word, cursor.next("wildcard"), cursor)

    def standard(self, cursor: Cursor) -> End:
        """Read the source of a standard list: an address without a wildcard is a host."""
        if addresses.is_v4(cursor.peek) and not addresses.is_v4("".join(cursor.rest[1:2])):
            return self._cached("host", cursor.next("address"), cursor)
        return self.end(cursor, Family.V4)

    def _group(self, cursor: Cursor) -> End:
        name = cursor.next("name of a group")
        if name not in self._groups:
            cursor.fail(f"there is no network group {name!r}", back=1)
        return self._groups.resolve(name)

    def _wildcard(self, address: str, wild: str, cursor: Cursor) -> End:
        key = (address, wild)
        if key not in self._known:
            try:
                value, mask = addresses.v4(address), addresses.v4(wild)
            except ValueError as error:
                cursor.fail(f"{error}; an address and a wildcard are expected", back=1)
            found = addresses.wildcard(value, mask)
            if found is None:
                return self._too_scattered(value, mask, cursor)
            self._known[key] = end_of(found)
        return self._known[key]

    def _too_scattered(self, value: int, mask: int, cursor: Cursor) -> End:
        """A wildcard with too many holes: a condition, within the bounds that it has."""
        text = " ".join(cursor.words[cursor.at - 2 : cursor.at])
        hint = _NETMASK_HINT if mask >> 31 else "the wildcard has too many holes to list"
        condition = self._findings.condition(cursor.line, text, hint, cursor.at - 1)
        return (Alternative(ONLY_V4, addresses.wildcard_bounds(value, mask), condition),)

    def _cached(self, kind: str, word: str, cursor: Cursor) -> End:
        key = (kind, word)
        if key not in self._known:
            try:
                self._known[key] = self._plain(kind, word)
            except ValueError as error:
                cursor.fail(str(error), back=1)
        return self._known[key]

    @staticmethod
    def _plain(kind: str, word: str) -> End:
        if ":" in word:
            return end_of(addresses.v6_prefix(f"{word}/128" if kind == "host" else word))
        if kind == "prefix":
            return end_of(addresses.v4_prefix(word))
        return end_of(addresses.v4_range(addresses.v4(word), addresses.v4(word)))

    def member(self, cursor: Cursor) -> End:
        """Read a member of a network group: the masks here are netmasks."""
        word = cursor.peek
        if word == "range":
            return self._range(cursor)
        if not addresses.is_v4(word):
            return self.end(cursor, Family.V6 if ":" in word else Family.V4)
        cursor.next("address")
        mask = cursor.next("netmask")
        try:
            if mask.startswith("/"):
                return end_of(addresses.v4_prefix(word + mask))
            return end_of(addresses.masked(addresses.v4(word), addresses.v4(mask)))
        except ValueError as error:
            cursor.fail(str(error), back=1)

    def _range(self, cursor: Cursor) -> End:
        cursor.next("range")
        first, last = cursor.next("first address"), cursor.next("last address")
        try:
            if ":" in first:
                return end_of(addresses.v6_range(first, last))
            return end_of(addresses.v4_range(addresses.v4(first), addresses.v4(last)))
        except ValueError as error:
            cursor.fail(str(error), back=1)

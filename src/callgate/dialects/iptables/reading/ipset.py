"""Read ``ipset save``: ``create`` and ``add`` lines become :class:`Contents` by name.

A type that is not modelled gives an :class:`OpaqueSet`, and matches on it stay
conditions. Lines that change sets in other ways (``swap``, ``del``) are not the output
of ``ipset save`` and are refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from callgate.dialects.iptables.reading.addresses import address_range, networks
from callgate.dialects.iptables.reading.sets import (
    AddressSet,
    Contents,
    OpaqueSet,
    PairSet,
    PortSet,
    SetList,
)
from callgate.dialects.iptables.reading.tokens import words
from callgate.dialects.registries import icmp_type, protocol_number, service_port
from callgate.errors import InputError, Mistake
from callgate.flows import Family, IntervalSet
from callgate.flows.axes import PORTED, TYPED
from callgate.places import Place

_ADDRESSES: Final = frozenset({"hash:ip", "hash:net", "bitmap:ip"})
_PAIRS: Final = frozenset({"hash:ip,port", "hash:net,port"})
_PORTS: Final = frozenset({"bitmap:port"})
#: Options of ``create`` under which members mean something else.
_OPAQUE_OPTIONS: Final = frozenset({"bitmask", "netmask"})
#: A list of lists of … this deep is refused; ipset allows one level.
_LISTS_DEEP: Final = 8


@dataclass
class Sets:
    """The sets of one device: what each holds, by name."""

    contents: dict[str, Contents | OpaqueSet] = field(default_factory=dict)

    def get(self, name: str) -> Contents | OpaqueSet | None:
        """The set of that name, or None where its contents were not supplied."""
        return self.contents.get(name)


@dataclass
class _Raw:
    kind: str
    family: Family
    options: frozenset[str]
    place: Place
    elements: list[tuple[str, bool, Place]] = field(default_factory=list)


def read_sets(lines: Iterable[tuple[Place, str]]) -> Sets:
    """Read the lines of ``ipset save``; InputError holds every mistake."""
    raw: dict[str, _Raw] = {}
    mistakes: list[Mistake] = []
    for place, line in lines:
        try:
            _line(raw, place, words(line))
        except ValueError as error:
            mistakes.append(Mistake(place, str(error)))
    found = Sets()
    for name, each in raw.items():
        if each.kind != "list:set":
            found.contents[name] = _contents(each, mistakes)
    for name, each in raw.items():
        if each.kind == "list:set":
            found.contents[name] = _resolved(raw, found.contents, name, mistakes)
    if mistakes:
        raise InputError(mistakes)
    return found


def is_set_line(line: str) -> bool:
    """Whether a line outside of any table belongs to ``ipset save``."""
    return line.startswith(("create ", "add ")) and len(line.split(None, 3)) >= 3


def _line(raw: dict[str, _Raw], place: Place, line: list[str]) -> None:
    if len(line) < 3 or line[0] not in {"create", "add"}:
        raise ValueError(f"not a line of 'ipset save': {' '.join(line)[:80]!r}")
    name, rest = line[1], line[2:]
    if line[0] == "add":
        if name not in raw:
            raise ValueError(f"set {name!r} is filled before it is created")
        raw[name].elements.append((rest[0], "nomatch" in rest[1:], place))
        return
    if name in raw:
        raise ValueError(f"set {name!r} is created twice")
    v6 = "family" in rest and rest[rest.index("family") + 1 :][:1] == ["inet6"]
    raw[name] = _Raw(rest[0], Family.V6 if v6 else Family.V4, frozenset(rest[1:]), place)


def _contents(raw: _Raw, mistakes: list[Mistake]) -> Contents | OpaqueSet:
    if raw.options & _OPAQUE_OPTIONS:
        return OpaqueSet(f"{raw.kind} with a mask")
    if raw.kind in _ADDRESSES:
        return AddressSet(raw.family, _addresses(raw, mistakes))
    if raw.kind in _PORTS:
        return PortSet(_ports(raw, mistakes))
    if raw.kind in _PAIRS and not any(nomatch for _, nomatch, _ in raw.elements):
        return PairSet(raw.family, _pairs(raw, mistakes))
    return OpaqueSet(raw.kind)


def _resolved(
    raw: Mapping[str, _Raw],
    known: Mapping[str, Contents | OpaqueSet],
    name: str,
    mistakes: list[Mistake],
    depth: int = 0,
) -> Contents | OpaqueSet:
    """A ``list:set`` with the sets that it names."""
    members: list[Contents] = []
    for element, _, place in raw[name].elements:
        if element not in raw or depth > _LISTS_DEEP:
            mistakes.append(Mistake(place, f"list {name!r} names {element!r}, which is no set"))
            continue
        member = known.get(element) or _resolved(raw, known, element, mistakes, depth + 1)
        if isinstance(member, OpaqueSet):
            return OpaqueSet(f"list with {member.why}")
        members.append(member)
    return SetList(tuple(members))


def _addresses(raw: _Raw, mistakes: list[Mistake]) -> IntervalSet:
    """Members; a longer prefix overrules a shorter one when it says ``nomatch``."""
    plain: list[IntervalSet] = []
    exceptions = False
    for element, nomatch, place in raw.elements:
        values = _address(element, raw.family)
        if values is None:
            mistakes.append(Mistake(place, f"not an {raw.family} network: {element!r}"))
            continue
        exceptions = exceptions or nomatch
        plain.append(values)
    if not exceptions:
        return IntervalSet.of(*(each for values in plain for each in values))
    return _overruled([(_address(e, raw.family), no) for e, no, _ in raw.elements])


def _overruled(members: list[tuple[IntervalSet | None, bool]]) -> IntervalSet:
    found = IntervalSet.EMPTY
    known = [(values, nomatch) for values, nomatch in members if values is not None]
    for values, nomatch in sorted(known, key=lambda member: -member[0].size):
        found = found - values if nomatch else found | values
    return found


def _address(text: str, family: Family) -> IntervalSet | None:
    return address_range(text, family) if "-" in text else networks(text, family)


def _ports(raw: _Raw, mistakes: list[Mistake]) -> IntervalSet:
    spans: list[tuple[int, int]] = []
    for element, _, place in raw.elements:
        try:
            spans.append(_span(element))
        except ValueError as error:
            mistakes.append(Mistake(place, str(error)))
    return IntervalSet.of(*spans)


def _span(text: str) -> tuple[int, int]:
    low_text, dash, high_text = text.partition("-")
    low = service_port(low_text)
    high = service_port(high_text) if dash else low
    if low is None or high is None or low > high:
        raise ValueError(f"not a port or a range of ports: {text!r}")
    return low, high


def _pairs(raw: _Raw, mistakes: list[Mistake]) -> dict[tuple[int, IntervalSet | None], IntervalSet]:
    """Addresses by protocol and port, then ports by equal addresses."""
    spans: dict[tuple[int, tuple[int, int] | None], list[tuple[int, int]]] = {}
    for element, _, place in raw.elements:
        host, _, service = element.partition(",")
        addresses = _address(host, raw.family)
        try:
            if addresses is None:
                raise ValueError(f"not an {raw.family} network: {host!r}")
            key = _service(service, raw.family)
        except ValueError as error:
            mistakes.append(Mistake(place, str(error)))
            continue
        spans.setdefault(key, []).extend(addresses)
    return _merged(_disjoint(spans))


def _service(text: str, family: Family) -> tuple[int, tuple[int, int] | None]:
    """``tcp:80``, ``udp:1000-2000``, ``icmp:8/0``, ``80`` (TCP), ``gre:0``."""
    name, colon, port = text.rpartition(":")
    protocol = protocol_number(name) if colon else 6
    if protocol is None:
        raise ValueError(f"unknown protocol {name!r}")
    if protocol in TYPED:
        found = icmp_type(port, family)
        if found is None:
            raise ValueError(f"not an ICMP type: {port!r}")
        low = found[0] * 256 + (found[1] or 0)
        return protocol, (low, low)
    return protocol, _span(port) if protocol in PORTED else None


_Spans = dict[tuple[int, tuple[int, int] | None], list[tuple[int, int]]]


def _disjoint(spans: _Spans) -> _Spans:
    """The same pairs, cut so that ranges of ports of one protocol do not overlap."""
    cuts: dict[int, set[int]] = {}
    for protocol, ports in spans:
        if ports is not None:
            cuts.setdefault(protocol, set()).update((ports[0], ports[1] + 1))
    found: _Spans = {}
    for (protocol, ports), addresses in spans.items():
        if ports is None:
            found.setdefault((protocol, None), []).extend(addresses)
            continue
        edges = sorted(cut for cut in cuts[protocol] if ports[0] <= cut <= ports[1] + 1)
        for low, after in pairwise(edges):
            found.setdefault((protocol, (low, after - 1)), []).extend(addresses)
    return found


def _merged(spans: _Spans) -> dict[tuple[int, IntervalSet | None], IntervalSet]:
    by_addresses: dict[tuple[int, IntervalSet], list[tuple[int, int]]] = {}
    found: dict[tuple[int, IntervalSet | None], IntervalSet] = {}
    for (protocol, ports), addresses in spans.items():
        values = IntervalSet.of(*addresses)
        if ports is None:
            found[protocol, None] = values
        else:
            by_addresses.setdefault((protocol, values), []).append(ports)
    for (protocol, values), every in by_addresses.items():
        found[protocol, IntervalSet.of(*every)] = values
    return dict(sorted(found.items(), key=_in_order))


def _in_order(pair: tuple[tuple[int, IntervalSet | None], IntervalSet]) -> tuple[object, ...]:
    """By protocol and ports: ``ipset save`` prints the members of a hash in any order."""
    (protocol, ports), _ = pair
    return protocol, ports.intervals if ports is not None else ()

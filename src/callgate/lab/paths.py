"""Which way a call went, told by the firewall's own byte counters (pure).

``conntrack -L`` prints each connection with packets and bytes in both directions. What the
client says about its path is not believed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from callgate.lab.atlas import Atlas
from callgate.lab.ladder import NONE, PROXIED, RUNGS

#: A connection by protocol, source, destination and both ports.
Key = tuple[str, str, str, int, int]
#: Bytes from and to the inside.
Bytes = tuple[int, int]
#: More than one path carried the call.
SPLIT: Final = "split"
#: Share of the media's bytes that a path may carry without counting.
_STRAY: Final = 0.2
_FIELD: Final = re.compile(r"\b(src|dst|sport|dport|bytes)=(\S+)")


def read(listing: str) -> dict[Key, Bytes]:
    """The connections in ``conntrack -L`` output; others than TCP and UDP are left out."""
    found: dict[Key, Bytes] = {}
    for line in listing.splitlines():
        protocol = line.split(maxsplit=1)[0]
        if protocol not in {"tcp", "udp"}:
            continue
        values: dict[str, list[str]] = defaultdict(list)
        for name, value in _FIELD.findall(line):
            values[name].append(value)
        source, destination = values["src"][0], values["dst"][0]
        ports = (int(values["sport"][0]), int(values["dport"][0]))
        out, back = map(int, values["bytes"])
        found[(protocol, source, destination, *ports)] = (out, back)
    return found


def grown(before: Mapping[Key, Bytes], after: Mapping[Key, Bytes]) -> dict[Key, Bytes]:
    """What each connection carried between two readings."""
    zero = (0, 0)
    return {
        key: (out - before.get(key, zero)[0], back - before.get(key, zero)[1])
        for key, (out, back) in after.items()
    }


def by_path(atlas: Atlas, connections: Mapping[Key, Bytes]) -> dict[str, Bytes]:
    """Bytes by path; what is none of the app's media is left out."""
    found: dict[str, Bytes] = {}
    for (protocol, source, destination, _, port), (out, back) in connections.items():
        path = _path(atlas, protocol, source, destination, port)
        if path is not None:
            so_far = found.get(path, (0, 0))
            found[path] = (so_far[0] + out, so_far[1] + back)
    return found


def _path(atlas: Atlas, protocol: str, source: str, destination: str, port: int) -> str | None:
    relayed = destination in atlas.turn.both
    if not relayed and (destination not in atlas.vendor.both or protocol != "udp"):
        return None
    proxied = PROXIED if source in atlas.proxy.both else ""
    for rung in RUNGS:
        if rung.protocol == protocol and rung.port == (port if relayed else None):
            return rung.path + proxied
    return f"{protocol}/{port}{proxied}"


def travelled(paths: Mapping[str, Bytes], media: int, share: float = 1.0) -> str:
    """The one path that carried this many bytes of media each way, or what is wrong.

    A smaller ``share`` of them is enough where most may be lost.
    """
    carried = _over(paths.items(), int(media * share))
    strays = _over(paths.items(), int(media * _STRAY))
    if not carried:
        return NONE
    return carried[0] if carried == strays else SPLIT


def _over(paths: Iterable[tuple[str, Bytes]], least: int) -> list[str]:
    return sorted(path for path, both in paths if min(both) >= least)

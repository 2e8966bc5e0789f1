"""What a browser says of its call, in the lab's words (pure).

Its figures are those of getStats (W3C, Identifiers for WebRTC's Statistics API); delays
are those of probes on the data channel.
"""

import re
import statistics
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from callgate.lab.audio import Quality
from callgate.lab.delays import delays
from callgate.lab.ladder import RUNGS, named

#: ``turn:host:port?transport=udp``, and ``turns:`` for TLS (RFC 7065).
_URL: Final = re.compile(r"turns?:.*:(\d+)\?transport=(udp|tcp)\Z")
_MILLI: Final = 1000


def path_of(candidate: Mapping[str, Any] | None, *, proxied: bool) -> str | None:
    """The path of a local candidate; None for no call."""
    if candidate is None:
        return None
    if candidate["candidateType"] != "relay":
        path = f"{candidate['protocol']}-direct"
    else:
        path = f"{candidate['relayProtocol']}-relay"
    known = {rung.path: rung for rung in RUNGS}
    return named(known[path], proxied=proxied) if path in known else path


def troubles(report: Mapping[str, Any], chosen: str | None, *, proxied: bool) -> dict[str, str]:
    """Why ways failed that are better than the chosen one, by path."""
    names = [named(rung, proxied=proxied) for rung in RUNGS]
    better = names[: names.index(chosen)] if chosen in names else names
    said: dict[str, list[str]] = defaultdict(list)
    for error in report["errors"]:
        path = _path_of_url(error["url"], proxied=proxied)
        if path is not None:
            said[path].append(f"TURN: {error['code']} {error['text']}".strip())
    otherwise = "no pair of candidates worked"
    if chosen is None:
        otherwise = f"{report['step']}: {report['error']}"
    return {name: " / ".join(dict.fromkeys(said[name])) or otherwise for name in better}


def quality(measured: Mapping[str, Any]) -> Quality | None:
    """What was measured while media ran; None when no probe came back."""
    echoes = measured["echoes"]
    if not echoes:
        return None
    before, after = measured["before"], measured["after"]

    def grown(name: str) -> float:
        return float(after[name] - before[name])

    lost = max(0.0, grown("packetsLost"))
    return Quality(
        rtt_ms=round(statistics.median(each["received"] - each["sent"] for each in echoes), 2),
        jitter_ms=round(after["jitter"] * _MILLI, 2),
        loss=_share(lost, lost + grown("packetsReceived")),
        concealment=_share(grown("concealedSamples"), grown("totalSamplesReceived")),
        up=delays([(each["turned"] - each["sent"]) / _MILLI for each in echoes]),
        down=delays([(each["received"] - each["turned"]) / _MILLI for each in echoes]),
    )


def _path_of_url(url: str, *, proxied: bool) -> str | None:
    match = _URL.match(url or "")
    if match is None:
        return None
    port, protocol = int(match[1]), match[2]
    return next(
        (
            named(rung, proxied=proxied)
            for rung in RUNGS
            if (rung.port, rung.protocol) == (port, protocol)
        ),
        None,
    )


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 1.0

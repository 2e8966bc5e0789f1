"""The client of one cell, a program: ``python -m callgate.lab.quality.sender``.

Standard input is a line of JSON: ``relay`` (udp, tcp or tls), ``server`` (address, port),
``name`` and ``authority`` (what TLS checks), ``user``, ``password``, ``peer`` (address, port),
``call`` (a number), ``streams`` (how many), ``seconds``. It prints a line of JSON when media
can flow, waits for a line, sends, and prints another line: what it dropped and how late it
was. The relay's kernel has by then what it will get.
"""

import json
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from callgate.lab.quality.allocation import CHANNEL, open_channel
from callgate.lab.quality.roads import Datagrams, Road, Stream
from callgate.lab.quality.traffic import SECOND, Packet, packed, schedule
from callgate.stun import Address, ChannelData, Credentials

#: Seconds that the relay has to answer, and to take what is queued at the end.
_PATIENCE: Final = 10.0
_DRAIN: Final = 30.0
#: A packet sent later than this after it was due shows a busy machine, in ns.
LATE: Final = 5_000_000


def open_road(told: dict[str, Any]) -> Road:
    """Connect to the relay."""
    server = (told["server"][0], told["server"][1])
    if told["relay"] == "udp":
        return Datagrams(server, _PATIENCE)
    tls = (told["name"], Path(told["authority"])) if told["relay"] == "tls" else None
    return Stream(server, _PATIENCE, tls)


def send_all(road: Road, call: int, streams: int, seconds: int) -> dict[str, Any]:
    """Send each packet when it is due; how many were dropped here, by stream, and late."""
    dropped: Counter[int] = Counter()
    late = count = 0
    start = time.monotonic_ns()
    for due, stream, number in schedule(streams, seconds):
        road.wait((start + due - time.monotonic_ns()) / SECOND)
        now = time.monotonic_ns()
        late += now - start - due > LATE
        count += 1
        packet = packed(Packet(call, stream, number, now))
        dropped[stream] += not road.send(ChannelData(CHANNEL, packet))
    # What is still not through then counts as lost.
    road.drain(_DRAIN)
    return {
        "sent": count,
        "late": late,
        "dropped": [dropped[stream] for stream in range(streams)],
    }


def main(told: dict[str, Any]) -> None:
    """Set the call up, wait for the word, send, report."""
    with closing(open_road(told)) as road:
        peer = Address(*told["peer"])
        open_channel(road, Credentials(told["user"], told["password"]), peer)
        _say({"congestion": road.congestion})
        sys.stdin.readline()
        _say(send_all(road, told["call"], told["streams"], told["seconds"]))


def _say(report: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.stdin.readline()))

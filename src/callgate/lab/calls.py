"""Place a call and say which way it went.

Theory of operation
-------------------
A client sets a call up and reports. Then the firewall's counters are read, media runs for a
while, and they are read again: the path is the one whose connections grew by the media's
bytes in both directions. The client's own word is kept beside it.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

from callgate.lab import audio, paths
from callgate.lab.arena import Rules
from callgate.lab.atlas import PROXY_PORT
from callgate.lab.call import PACKETS, Answer, Call, Order
from callgate.lab.cases import Case
from callgate.lab.delays import Delays
from callgate.lab.programs import ours
from callgate.lab.stage import Stage
from callgate.lab.turnserver import PASSWORD, USER

#: A browser's figures need more of them.
_BROWSER_PACKETS: Final = 100
#: Seconds; a browser that starts on a busy machine needs some of them.
_SET_UP_WITHIN: Final = 60.0
#: Share of the packets that must be on a path for it to count: some may be lost.
_ENOUGH: Final = 0.8
#: Share of those that is enough where a fault degrades the path: most may be lost.
_SOME: Final = 0.4


class Client(Protocol):
    """Something that places calls in the lab."""

    @property
    def packets(self) -> int:
        """How long its media runs, in packets of twenty milliseconds."""

    def place(self, stage: Stage, order: Order, media_starts: Callable[[], None]) -> Answer:
        """Place a call, calling back when all is set up and media is about to start."""


class LightClient:
    """The client that needs no browser (:mod:`callgate.lab.light_client`)."""

    packets = PACKETS

    def place(self, stage: Stage, order: Order, media_starts: Callable[[], None]) -> Answer:
        """Place a call, calling back when all is set up and media is about to start."""
        return _converse(stage, "light_client", _settings(stage, order), media_starts)


class Chromium:
    """The real client (:mod:`callgate.lab.browser_client`).

    A browser uses whatever family it finds, so during its call there is only one.
    """

    packets = _BROWSER_PACKETS

    def place(self, stage: Stage, order: Order, media_starts: Callable[[], None]) -> Answer:
        """Place a call, calling back when all is set up and media is about to start."""
        settings = _settings(stage, order)
        with stage.single_stack(order.family), stage.browser_profile() as places:
            return _converse(stage, "browser_client", settings | places, media_starts)


def _converse(
    stage: Stage, module: str, settings: dict[str, Any], media_starts: Callable[[], None]
) -> Answer:
    """Run a client's program: orders, its report, the sign to start, what it measured."""
    program = stage.seat(ours(module), module.replace("_", "-"))
    try:
        program.tell(settings)
        report = program.hear_json(_SET_UP_WITHIN)
        if report["chosen"] is None:
            return Answer(None, None, None, report["troubles"])
        media_starts()
        program.tell("go")
        measured = program.hear_json(_SET_UP_WITHIN)
    finally:
        program.end()
    return Answer(report["chosen"], report["setup_ms"], _quality(measured), report["troubles"])


def place(stage: Stage, case: Case, rules: Rules, family: int, client: Client) -> Call:
    """Arrange a case, place one call in it and read its path."""
    stage.arrange(rules, case)
    order = Order.of(case, family, client.packets)
    before: dict[paths.Key, paths.Bytes] = {}
    answer = client.place(stage, order, lambda: before.update(stage.media()))
    carried = paths.by_path(stage.atlas, paths.grown(before, stage.media()))
    media = int(order.packets * len(audio.packet(0)) * _ENOUGH)
    share = _SOME if case.degraded else 1.0
    return Call(case, family, paths.travelled(carried, media, share), answer)


def _quality(measured: dict[str, Any]) -> audio.Quality | None:
    """What a client's last line of JSON says."""
    if not measured:
        return None
    ways = {way: measured[way] and Delays(**measured[way]) for way in ("up", "down")}
    return audio.Quality(**(measured | ways))


def _settings(stage: Stage, order: Order) -> dict[str, Any]:
    atlas = stage.atlas
    return {
        "family": order.family,
        "vendor": atlas.vendor_name,
        "turn": atlas.turn_name,
        "user": USER,
        "password": PASSWORD,
        "authority": str(stage.trusted),
        "proxy": [atlas.proxy.of(order.family), PROXY_PORT] if order.proxied else None,
        "packets": order.packets,
        "patience": order.patience,
    }

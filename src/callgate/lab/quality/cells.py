"""The cells of the measurement: traffic, round trip, loss and relay (pure)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from callgate.errors import UsageError
from callgate.lab.quality.traffic import AUDIO, STREAMS, Stream
from callgate.netns.impairment import TIME_UNITS, Impairment, LinkImpairment
from callgate.netns.impairment_text import parse

#: How the client talks to the relay, and the path that this makes.
RELAYS: Final = {"udp": "udp-relay", "tcp": "tcp-relay", "tls": "tls-relay"}
#: Traffic -> how many of the streams it has.
LOADS: Final = {"audio": 1, "av": len(STREAMS)}
RTTS: Final = (40, 150)
LOSSES: Final = (0, 1, 3, 5)
#: Mean number of packets lost in a row where losses come in bursts.
BURST: Final = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One condition. ``rtt`` in ms, ``loss`` in percent in each direction."""

    load: str
    rtt: int
    loss: int
    bursts: bool
    relay: str

    @property
    def name(self) -> str:
        """``av-40ms-3%-tcp``, ``av-40ms-3%-bursts-tcp``."""
        bursts = "-bursts" if self.bursts else ""
        return f"{self.load}-{self.rtt}ms-{self.loss}%{bursts}-{self.relay}"

    @property
    def path(self) -> str:
        """The path's name in the app's ladder."""
        return RELAYS[self.relay]

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What is sent."""
        return STREAMS[: LOADS[self.load]]

    @property
    def delay(self) -> LinkImpairment:
        """The link while the call is set up: the delay alone."""
        return LinkImpairment(*[Impairment(delay=self._one_way)] * 2)

    def impairment(self, seed: int) -> LinkImpairment:
        """The link while media goes: delay and loss, alike in both directions."""
        burst = f" burst {BURST}" if self.bursts else ""
        loss = f" loss {self.loss}%{burst}" if self.loss else ""
        return parse(f"delay {self._one_way}ns{loss} seed {seed}")

    @property
    def _one_way(self) -> int:
        return self.rtt * TIME_UNITS["ms"] // 2


def full() -> list[Cell]:
    """Every cell; the relays of one condition side by side."""
    return [
        Cell(load, rtt, loss, bursts, relay)
        for load, rtt, bursts, loss, relay in product(LOADS, RTTS, (False, True), LOSSES, RELAYS)
        if loss or not bursts
    ]


def quick() -> list[Cell]:
    """Six cells that show the effect: a video call on a clean and on a bad link."""
    return [Cell("av", 40, loss, bursts=False, relay=relay) for loss in (0, 3) for relay in RELAYS]


def named(names: Iterable[str]) -> list[Cell]:
    """The cells of these names, each once; UsageError names what was probably meant."""
    known = {cell.name: cell for cell in full()}
    unknown = [name for name in names if name not in known]
    if unknown:
        import difflib  # noqa: PLC0415 - only for a typo

        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"for example {AUDIO.name}-40ms-3%-tcp"
        raise UsageError(f"no cell {unknown[0]!r}", hint=hint)
    return list(dict.fromkeys(known[name] for name in names))


def conditions(cells: Iterable[Cell]) -> Iterator[tuple[str, int, bool]]:
    """Traffic, round trip and shape of loss that occur, in order, each once."""
    return iter(dict.fromkeys((cell.load, cell.rtt, cell.bursts) for cell in cells))

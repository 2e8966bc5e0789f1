"""The network of the measurement with coturn and the media server in it; runs one cell."""

import json
import os
import signal
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from callgate.errors import ToolError
from callgate.lab.authority import Authority
from callgate.lab.programs import Program, await_ports, ours
from callgate.lab.quality.cells import LOADS, Cell
from callgate.lab.quality.health import Health, waiting
from callgate.lab.quality.priority import hurry
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Task
from callgate.lab.quality.sink import Arrivals
from callgate.lab.turnserver import PASSWORD, TLS_PORT, TURN_PORT, USER, command
from callgate.netns import End, Link, Route, Topology
from callgate.netns.congestion import USUAL, pin
from callgate.netns.impaired_topology import impaired
from callgate.netns.impairment import LinkImpairment
from callgate.netns.tun_link import LinkCounts

#: Documentation addresses (RFC 5737); the media port is one of the app's.
_CLIENT, _TURN, _BETWEEN, _MEDIA = "192.0.2.10", "203.0.113.20", "198.51.100.1", "198.51.100.45"
_MEDIA_PORT: Final = 45000
_NAME: Final = "turn.lab.test"
#: Seconds that a cell may take beyond its own length: the queue at the end is sent too.
_LONGEST_TAIL: Final = 60.0


class Bench:
    """A context manager; inside its body cells can be run, one after the other."""

    def __init__(self) -> None:
        self._topology = Topology(
            [
                Link(End("client", (f"{_CLIENT}/32",)), End("turn", (f"{_TURN}/32",))),
                Link(End("turn", (f"{_BETWEEN}/24",)), End("media", (f"{_MEDIA}/24",))),
            ],
            [
                Route("client", f"{_TURN}/32", None, "eth0"),
                Route("turn", f"{_CLIENT}/32", None, "eth0"),
                Route("media", "0.0.0.0/0", _BETWEEN, "eth0"),
            ],
        )
        self._stack = ExitStack()
        self._calls = 0
        self._sender: Program | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._topology)
            self._folder = self._topology.folder()
            client, turn = self._topology["client"], self._topology["turn"]
            self._link = stack.enter_context(
                impaired((client, "eth0"), (turn, "eth0"), LinkImpairment())
            )
            for node in (client, turn):
                pin(node)
                # A call must not begin with what TCP learned in the one before.
                node.sysctl({"ipv4.tcp_no_metrics_save": "1"})
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def run(self, task: Task, seconds: int) -> Run:
        """Run one cell; ToolError when a part of the lab fails."""
        self._link.change(task.cell.delay)
        sender = Program(self._topology["client"], ours("quality.sender"), self._log("sender"))
        self._sender = sender
        try:
            return self._measure(sender, task, seconds)
        finally:
            self._sender = None
            sender.end()

    def interrupt(self) -> None:
        """From another thread: make a run that is under way fail."""
        sender = self._sender
        if sender is not None:
            os.kill(sender.pid, signal.SIGKILL)

    def _measure(self, sender: Program, task: Task, seconds: int) -> Run:
        cell, self._calls = task.cell, self._calls + 1
        sender.tell(self._settings(cell, seconds))
        _check_congestion(sender.hear_json()["congestion"])
        self._link.change(cell.impairment(task.seed))
        processes = (self._turn.pid, self._link.pid)
        hurry((*processes, sender.pid, self._sink.pid))
        link, waited = self._link.counts(), waiting(processes)
        sender.tell("go")
        report = json.loads(sender.hear(seconds + _LONGEST_TAIL))
        after = self._link.settle()
        then = waiting(processes)
        self._sink.tell(self._calls)
        arrivals: Arrivals = json.loads(self._sink.hear())
        return Run(
            *task,
            tuple(_delays(arrivals[n], each.count(seconds)) for n, each in enumerate(cell.streams)),
            tuple(report["dropped"]),
            (after.there.lost - link.there.lost, after.back.lost - link.back.lost),
            Health(
                missed=after.missed - link.missed,
                refused=_refused(after) - _refused(link),
                link_late=_late(link, after),
                sender_late=report["late"] / report["sent"],
                waited=then.since(waited) if then and waited else None,
            ),
        )

    def _settings(self, cell: Cell, seconds: int) -> dict[str, Any]:
        return {
            "relay": cell.relay,
            "server": (_TURN, TLS_PORT if cell.relay == "tls" else TURN_PORT),
            "name": _NAME,
            "authority": str(self._authority.identity.certificate),
            "user": USER,
            "password": PASSWORD,
            "peer": (_MEDIA, _MEDIA_PORT),
            "call": self._calls,
            "streams": LOADS[cell.load],
            "seconds": seconds,
        }

    def _start(self, stack: ExitStack) -> None:
        self._authority = Authority(self._folder)
        identity = self._authority.issue("turn", _NAME)
        turn, argv = self._topology["turn"], command([_TURN], identity, self._folder)
        self._turn = Program(turn, argv, self._log("turnserver"))
        stack.callback(self._turn.end)
        self._sink = Program(self._topology["media"], ours("quality.sink"), self._log("sink"))
        stack.callback(self._sink.end)
        self._sink.tell({"listen": (_MEDIA, _MEDIA_PORT)})
        self._sink.hear()
        await_ports(self._turn, turn, [_TURN], (TURN_PORT, TLS_PORT))

    def _log(self, label: str) -> Path:
        return self._folder / f"{label}.log"


def _check_congestion(name: str) -> None:
    if name not in {"", USUAL}:
        raise ToolError(f"TCP runs with {name} where {USUAL} was pinned")


def _delays(arrivals: list[tuple[int, int]], count: int) -> tuple[float | None, ...]:
    """Milliseconds by sequence number; the first copy of a packet counts."""
    found: dict[int, float] = {}
    for number, microseconds in arrivals:
        found.setdefault(number, round(microseconds / 1000, 2))
    return tuple(found.get(number) for number in range(count))


def _refused(counts: LinkCounts) -> int:
    return counts.there.refused + counts.back.refused


def _late(before: LinkCounts, after: LinkCounts) -> float:
    """The share of packets that the link sent on later than it should."""
    sent = after.there.sent + after.back.sent - before.there.sent - before.back.sent
    late = after.there.late + after.back.late - before.there.late - before.back.late
    return late / sent if sent else 0.0

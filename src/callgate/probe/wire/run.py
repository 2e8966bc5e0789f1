"""A whole run: everything at once, a log at the end."""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from callgate.flows import Family
from callgate.probe.events import Event
from callgate.probe.hedging import BURST_WITHIN, RUN_DEADLINE
from callgate.probe.targets import Plan, Probe, Way
from callgate.probe.wire.bursts import try_bursts
from callgate.probe.wire.chains import Chains
from callgate.probe.wire.media import measure
from callgate.probe.wire.names import Book, system_resolvers
from callgate.probe.wire.portals import look_for_portal
from callgate.probe.wire.recorder import Listener, Recorder
from callgate.probe.wire.relays import Relays
from callgate.probe.wire.tools import Tools
from callgate.probe.wire.trust import Judge
from callgate.probe.wire.udp import probe_datagrams, probe_self
from callgate.stun.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs beside its plan. ``authorities`` is a PEM file for the vendor's."""

    families: tuple[Family, ...]
    resolvers: tuple[str, ...] = ()  # empty: those of the system
    credentials: Credentials | None = None
    proxy_credentials: Credentials | None = None
    authorities: Path | None = None
    websocket: str = "/"
    quality: bool = False


def run_now(plan: Plan, settings: Settings, listener: Listener | None = None) -> tuple[Event, ...]:
    """:func:`run` in an event loop of its own.

    Windows' usual loop cannot wait for datagrams as it is needed here.
    """
    selecting = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=selecting) as runner:
        return runner.run(run(plan, settings, listener))


async def run(
    plan: Plan, settings: Settings, listener: Listener | None = None
) -> tuple[Event, ...]:
    """Try everything that is planned; what is not decided by the deadline is silent."""
    recorder = Recorder(listener)
    book = Book(recorder, settings.resolvers or system_resolvers())
    relays = Relays(settings.credentials)
    tools = Tools(
        recorder,
        book,
        Judge(settings.authorities),
        relays,
        settings.families,
        settings.proxy_credentials,
        settings.websocket,
    )
    book.start(plan.names, settings.families)
    tasks = [asyncio.create_task(_probe(each, plan, tools)) for each in plan.probes]
    try:
        late = _second_looks(plan, recorder, tasks, everywhere=settings.quality)
        await asyncio.gather(_settle(tasks), late)
        if settings.quality:
            await measure(plan, tools)
    finally:
        book.cancel()
        relays.close()
    return tuple(recorder.events)


async def _second_looks(
    plan: Plan, recorder: Recorder, tasks: Iterable[asyncio.Task[None]], *, everywhere: bool
) -> None:
    """When all have ended, or while the last ones are silent and there is just time for it."""
    tasks = list(tasks)
    if tasks:
        await asyncio.wait(tasks, timeout=RUN_DEADLINE - BURST_WITHIN)
    await asyncio.gather(
        try_bursts(plan, recorder, everywhere=everywhere), look_for_portal(plan, recorder)
    )


async def _settle(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Until all have ended or time is up; a fault of ours in any of them is not hidden."""
    tasks = list(tasks)
    if tasks:
        await asyncio.wait(tasks, timeout=RUN_DEADLINE)
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _probe(probe: Probe, plan: Plan, tools: Tools) -> None:
    if probe.way is Way.SELF:
        await probe_self(probe, tools, plan.media_ports)
    elif probe.way.datagrams:
        await probe_datagrams(probe, tools)
    else:
        await Chains(probe, tools).run()

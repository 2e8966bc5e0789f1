"""Many connections at once, to see whether somebody rations them.

Only where a first SYN stayed without an answer, or where quality is asked for: a burst costs
the server something.
"""

import asyncio
import socket

from callgate.probe.events import Burst, Opened, Silent, Step
from callgate.probe.hedging import BURST, BURST_WITHIN
from callgate.probe.targets import Plan, Probe
from callgate.probe.wire.recorder import Log, Recorder
from callgate.stun.values import Address

#: The kernel repeats a SYN after one second; what takes as long was repeated.
_REPEATED = 0.9


async def try_bursts(plan: Plan, recorder: Recorder, *, everywhere: bool = False) -> None:
    """A burst to every server at a port where a first SYN was not answered, late or never.

    ``everywhere``: to every server that was reached by TCP.
    """
    opened = _opened(plan, recorder)
    late = {probe.server.port for probe, (_, late) in opened.items() if late or everywhere}
    late |= {probe.server.port for probe in _unanswered(plan, recorder)}
    await asyncio.gather(
        *(
            _burst(Log(recorder, probe.id), address)
            for probe, (address, _) in opened.items()
            if probe.server.port in late
        )
    )


def _opened(plan: Plan, recorder: Recorder) -> dict[Probe, tuple[Address, bool]]:
    """Where each direct probe was connected first, and whether its very first SYN was lost."""
    probes = {each.id: each for each in plan.probes if each.proxy is None}
    found: dict[Probe, tuple[Address, bool]] = {}
    for event in recorder.events:
        if event.probe in probes and isinstance(event.fact, Opened):
            late = event.attempt > 0 or event.fact.number > 0 or event.fact.seconds > _REPEATED
            found.setdefault(probes[event.probe], (event.fact.address, late))
    return found


def _unanswered(plan: Plan, recorder: Recorder) -> set[Probe]:
    """Direct probes whose connection was awaited in vain."""
    probes = {each.id: each for each in plan.probes if each.proxy is None}
    return {
        probes[event.probe]
        for event in recorder.events
        if event.probe in probes
        and event.fact == Silent(Step.REACH)
        and not probes[event.probe].way.datagrams
    }


async def _burst(log: Log, address: Address) -> None:
    tries = [asyncio.create_task(_connect(address)) for _ in range(BURST)]
    done, late = await asyncio.wait(tries, timeout=BURST_WITHIN)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    log.note(Burst(address, BURST, sum(task.result() for task in done)))


async def _connect(address: Address) -> bool:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(sock, (address.host, address.port))
        except OSError:
            return False
        return True

"""Host names: our own questions to the resolvers, and the system's answer beside them.

The questions tell what the system's own lookup hides: the code, the time, who is silent. The
system knows what resolvers do not (``/etc/hosts``), and is believed where they have nothing.
It runs in a thread that nobody waits for, because it cannot be interrupted.
"""

import asyncio
import random
import socket
import threading
from collections.abc import Iterable
from ipaddress import ip_address

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver

from callgate.flows import Family
from callgate.probe.events import Icmp, Looked, NoRoute, Silent, Step, plain
from callgate.probe.hedging import LOOKUPS
from callgate.probe.run import DNS, sinkhole
from callgate.probe.wire.connections import connect
from callgate.probe.wire.datagrams import Datagrams
from callgate.probe.wire.icmp import symbol
from callgate.probe.wire.recorder import Log, Recorder
from callgate.stun.values import Address

_PORT = 53
_KINDS = {Family.V4: "A", Family.V6: "AAAA"}
#: What several resolvers together may still turn into something better.
_TRY_OTHERS = frozenset({"SERVFAIL", "REFUSED", "NOTIMP", "FORMERR"})
_ADDRESSES_MAX = 4
_SYSTEM = "this machine"
#: When a resolver that has not answered is tried by TCP, in seconds.
_CONTROL_AFTER = 1.0


def system_resolvers() -> tuple[str, ...]:
    """The resolvers that this machine is set to; empty when it has none."""
    try:
        found = dns.resolver.Resolver(configure=True).nameservers
    except (dns.resolver.NoResolverConfiguration, OSError):
        return ()
    return tuple(dict.fromkeys(str(each) for each in found if isinstance(each, str)))


class Book:
    """Looks every name up once; probes wait for what they need."""

    def __init__(self, recorder: Recorder, resolvers: Iterable[str]) -> None:
        self._recorder = recorder
        self._resolvers = tuple(resolvers)
        self._tasks: dict[tuple[str, Family], asyncio.Task[tuple[str, ...]]] = {}
        self._controls: list[asyncio.Task[None]] = []

    def start(self, names: Iterable[str], families: Iterable[Family]) -> None:
        """Begin to look these names up."""
        for name in names:
            for family in families:
                task = asyncio.create_task(self._look(name, family))
                self._tasks[name, family] = task
        if self._tasks:
            self._controls = [asyncio.create_task(self._control(e)) for e in self._resolvers]

    async def addresses(self, host: str, families: Iterable[Family]) -> list[str]:
        """The addresses of a host, in the order of the families; empty when there are none."""
        if (literal := _literal(host)) is not None:
            return [host] if literal in families else []
        waiting = [self._tasks[host, each] for each in families if (host, each) in self._tasks]
        found = [await asyncio.shield(task) for task in waiting]
        return [address for each in found for address in each]

    def cancel(self) -> None:
        """Give up what is still asked."""
        for task in (*self._tasks.values(), *self._controls):
            task.cancel()

    async def _control(self, resolver: str) -> None:
        """Try a resolver that is silent by UDP by TCP, to see whether it is there at all."""
        await asyncio.sleep(_CONTROL_AFTER)
        told = {e.fact.resolver for e in self._recorder.events if isinstance(e.fact, Looked)}
        if resolver not in told:
            log = Log(self._recorder, f"{DNS}{resolver} by TCP")
            found = await connect(log, [resolver], _PORT)
            if found is not None:
                found.close()

    async def _look(self, name: str, family: Family) -> tuple[str, ...]:
        log = Log(self._recorder, f"{DNS}{name} {_KINDS[family]}")
        system = _ask_system(name, family)
        answers = await self._ask_all(log, name, family)
        usable = [each for answer in answers for each in answer.addresses]
        if not usable:
            own = await _within(system, LOOKUPS.deadline - log.now())
            if own:
                log.note(Looked(name, _KINDS[family], _SYSTEM, "NOERROR", own, log.now()))
                return own
        if not answers:
            log.note(Silent(Step.RESOLVE))
        # An address that no server can have would be this very machine.
        return tuple(each for each in dict.fromkeys(usable) if not sinkhole([each]))

    async def _ask_all(self, log: Log, name: str, family: Family) -> list[Looked]:
        """Ask every resolver; the first good answer is enough."""
        if not self._resolvers:
            return []
        asked = [
            asyncio.create_task(_ask(log, name, _KINDS[family], each)) for each in self._resolvers
        ]
        answers: list[Looked] = []
        try:
            for future in asyncio.as_completed(asked):
                answer = await future
                if answer is not None:
                    answers.append(answer)
                    if answer.rcode not in _TRY_OTHERS:
                        break
        finally:
            for task in asked:
                task.cancel()
        return answers


async def _ask(log: Log, name: str, kind: str, resolver: str) -> Looked | None:
    """One question to one resolver, hedged; None when it does not answer in time."""
    try:
        with Datagrams(Address(resolver, _PORT), log) as line:
            asked: _Asked = {}
            sender = asyncio.create_task(_send(line, log, name, kind, asked))
            try:
                async with asyncio.timeout(LOOKUPS.deadline):
                    return await _answer(line, log, name, kind, asked)
            except TimeoutError:
                return None
            finally:
                sender.cancel()
    except OSError as error:
        log.note(NoRoute(resolver, symbol(error)))
        return None


#: Questions by their id, with when they were sent.
_Asked = dict[int, tuple[dns.message.Message, float]]


async def _send(line: Datagrams, log: Log, name: str, kind: str, asked: _Asked) -> None:
    """Questions with ids of their own."""
    start = log.now()
    for pause in LOOKUPS.starts:
        await asyncio.sleep(max(0.0, start + pause - log.now()))
        number = random.getrandbits(16)
        query = dns.message.make_query(name, kind, id=number)
        asked[number] = (query, log.now())
        line.send(query.to_wire())


async def _answer(line: Datagrams, log: Log, name: str, kind: str, asked: _Asked) -> Looked | None:
    while True:
        arrival = await line.receive()
        if isinstance(arrival, Icmp | NoRoute):
            log.note(arrival)
            return None
        try:
            message = dns.message.from_wire(arrival, ignore_trailing=True)
        except dns.exception.DNSException:
            continue
        if message.id not in asked or not asked[message.id][0].is_response(message):
            continue
        looked = Looked(
            name,
            kind,
            line.address.host,
            plain(dns.rcode.to_text(message.rcode())),
            _addresses(message, kind),
            log.now() - asked[message.id][1],
        )
        log.note(looked)
        return looked


def _addresses(message: dns.message.Message, kind: str) -> tuple[str, ...]:
    wanted = dns.rdatatype.from_text(kind)
    found = (str(item) for rrset in message.answer if rrset.rdtype == wanted for item in rrset)
    return tuple(dict.fromkeys(found))[:_ADDRESSES_MAX]


def _ask_system(name: str, family: Family) -> asyncio.Future[tuple[str, ...]]:
    """What the system's own lookup says, whenever it says it."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[tuple[str, ...]] = loop.create_future()
    kind = socket.AF_INET if family is Family.V4 else socket.AF_INET6

    def settle(found: tuple[str, ...]) -> None:
        if not future.done():
            future.set_result(found)

    def look() -> None:
        try:
            found = socket.getaddrinfo(name, None, kind, socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        texts = tuple(dict.fromkeys(str(each[4][0]) for each in found))[:_ADDRESSES_MAX]
        try:
            loop.call_soon_threadsafe(settle, texts)
        except RuntimeError:
            return  # the run is over

    threading.Thread(target=look, daemon=True).start()
    return future


async def _within(future: asyncio.Future[tuple[str, ...]], seconds: float) -> tuple[str, ...]:
    try:
        return await asyncio.wait_for(asyncio.shield(future), max(0.0, seconds))
    except TimeoutError:
        return ()


def _literal(host: str) -> Family | None:
    try:
        return Family(ip_address(host).version)
    except ValueError:
        return None

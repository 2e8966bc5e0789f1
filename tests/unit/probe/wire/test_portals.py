"""Plain HTTP is asked only where nothing else led anywhere, and what answers is kept."""

import asyncio

from callgate.policy.site import SuppliedEndpoint
from callgate.probe.events import Event, Looked, Opened, Page, Silent, Step, Stun
from callgate.probe.targets import Plan, Server, Way
from callgate.probe.wire import portals
from callgate.probe.wire.recorder import Recorder
from callgate.stun.values import Address
from tests.support.loopback import HOST, probe, serving
from tests.support.probing import PROXY, TURN, plan_for, site

MEDIA = SuppliedEndpoint("media", "192.0.2.9", 45123)
SILENT = Silent(Step.REACH)


def asked(*facts):
    """Whom we would ask, after the first probe saw these facts and the others nothing."""
    plan = plan_for(site(endpoints=(*site().endpoints, MEDIA)), proxied=True)
    log = [Event(0.1, plan.probes[0].id, 0, fact) for fact in facts]
    return portals.hosts(plan, tuple(log))


def test_addresses_that_were_named_are_asked():
    assert asked(SILENT) == (PROXY.host, MEDIA.host)


def test_addresses_that_were_looked_up_are_asked():
    told = Looked(TURN, "A", "192.0.2.53", "NOERROR", ("203.0.113.20",), 0.02)
    hole = Looked(TURN, "A", "192.0.2.53", "NOERROR", ("0.0.0.0",), 0.02)
    assert "203.0.113.20" in asked(told, SILENT)
    assert asked(hole, SILENT) == (PROXY.host, MEDIA.host)


def test_nobody_is_asked_where_any_path_came_to_an_answer():
    assert asked(Stun("Allocate", 401, "Unauthorized", 0.02)) == ()
    assert asked(Opened(Address("203.0.113.20", 3478), 0.02), SILENT) != ()


def found(monkeypatch, talk, within=0.5):
    """The facts, when this is what listens at the port of plain HTTP."""

    async def main():
        async with serving(talk) as port:
            monkeypatch.setattr(portals, "_HTTP", port)
            monkeypatch.setattr(portals, "BURST_WITHIN", within)
            one = probe(Way.TURN_UDP, 3478)
            assert one.server == Server(HOST, 3478)
            recorder = Recorder()
            await portals.look_for_portal(Plan((one,), (), (), ("path",)), recorder)
            return [(each.probe, each.fact) for each in recorder.events]

    return asyncio.run(main())


def test_a_portals_answer_is_kept(monkeypatch):
    heard = []

    async def talk(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://portal.example.net/\r\n\r\n")
        await writer.drain()

    ((name, page),) = found(monkeypatch, talk)
    assert name == f"portal {HOST}"
    assert isinstance(page, Page)
    assert (page.status, page.location) == (302, "http://portal.example.net/")
    assert heard[0].startswith(b"GET / HTTP/1.1\r\n")
    assert f"Host: {HOST}\r\n".encode() in heard[0]


def test_what_is_no_http_is_nothing(monkeypatch):
    heard = []

    async def talk(reader, writer):
        heard.append(True)
        writer.write(b"220 mail.example.net\r\n\r\n")
        await writer.drain()

    assert found(monkeypatch, talk) == []
    assert heard


def test_silence_ends_in_time(monkeypatch):
    heard = []

    async def talk(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        await asyncio.Event().wait()

    assert found(monkeypatch, talk, within=0.2) == []
    assert heard

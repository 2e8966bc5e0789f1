"""What a resolver that misbehaves answers."""

import asyncio
import time

import dns.message
import dns.rcode
import pytest

from callgate.lab.faults.changes import Trouble
from callgate.lab.misleading import LATE, Misleading
from callgate.lab.nameserver import Server
from callgate.lab.zone import Zone

ZONE = Zone(
    {"turn.example.com": ("192.0.2.1", "2001:db8::1"), "other.example": ("192.0.2.2",)}, (), ()
)


def ask(trouble, name="turn.example.com", kind="A", only=None):
    response = Misleading(ZONE, trouble, only).answer(dns.message.make_query(name, kind))
    if response is None:
        return None
    return response.rcode(), [item.to_text() for rrset in response.answer for item in rrset]


@pytest.mark.parametrize(
    ("trouble", "rcode"),
    [
        (Trouble.NXDOMAIN, dns.rcode.NXDOMAIN),
        (Trouble.SERVFAIL, dns.rcode.SERVFAIL),
        (Trouble.REFUSED, dns.rcode.REFUSED),
    ],
)
def test_a_response_code_in_place_of_an_address(trouble, rcode):
    assert ask(trouble) == (rcode, [])


def test_silence_is_no_response():
    assert ask(Trouble.SILENCE) is None


@pytest.mark.parametrize(("kind", "address"), [("A", "0.0.0.0"), ("AAAA", "::")])
def test_a_sinkhole_knows_every_name(kind, address):
    assert ask(Trouble.SINKHOLE, kind=kind) == (dns.rcode.NOERROR, [address])
    assert ask(Trouble.SINKHOLE, "no.such.name", kind) == (dns.rcode.NOERROR, [address])


def test_one_name_alone():
    assert ask(Trouble.NXDOMAIN, "Turn.Example.com", only="turn.example.com") == (
        dns.rcode.NXDOMAIN,
        [],
    )
    assert ask(Trouble.NXDOMAIN, "other.example", only="turn.example.com") == (
        dns.rcode.NOERROR,
        ["192.0.2.2"],
    )


def test_a_slow_answer_is_right_and_late():
    assert ask(Trouble.SLOW) == (dns.rcode.NOERROR, ["192.0.2.1"])
    server = Server(Misleading(ZONE, Trouble.SLOW))
    server.delay = 0.05
    begun = time.monotonic()
    query = dns.message.make_query("turn.example.com", "A")
    assert asyncio.run(server.respond(query.to_wire()))
    assert time.monotonic() - begun >= 0.05
    assert Misleading(ZONE, Trouble.SLOW).delay == LATE > 1
    assert Misleading(ZONE, Trouble.SERVFAIL).delay == 0

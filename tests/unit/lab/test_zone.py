import asyncio

import dns.message
import dns.rcode
import pytest

from callgate.lab.nameserver import Server
from callgate.lab.zone import Zone
from callgate.names import DomainPattern

ZONE = Zone(
    {"turn.example.com": ("192.0.2.1", "2001:db8::1")},
    (DomainPattern.parse("*.example.com"),),
    ("192.0.2.2",),
)


def respond(data):
    return asyncio.run(Server(ZONE).respond(data))


def ask(name, kind="A"):
    response = respond(dns.message.make_query(name, kind).to_wire())
    found = dns.message.from_wire(response)
    return found.rcode(), [item.to_text() for rrset in found.answer for item in rrset]


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("turn.example.com", "A", ["192.0.2.1"]),
        ("TURN.example.com.", "AAAA", ["2001:db8::1"]),
        ("a.b.example.com", "A", ["192.0.2.2"]),
        ("a.example.com", "AAAA", []),
        ("a.example.com", "MX", []),
    ],
)
def test_names_that_exist(name, kind, found):
    assert ask(name, kind) == (dns.rcode.NOERROR, found)


@pytest.mark.parametrize("name", ["example.com", "example.net", "xexample.com"])
def test_names_that_do_not_exist(name):
    assert ask(name) == (dns.rcode.NXDOMAIN, [])


def test_what_is_no_query_gets_no_answer():
    assert respond(b"\0" * 5) is None
    assert respond(dns.message.Message().to_wire()) is None

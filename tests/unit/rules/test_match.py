import ipaddress

import pytest

from callgate.flows import IntervalSet
from callgate.names import DomainPattern
from callgate.places import Place
from callgate.rules import (
    ANY_ADDRESS,
    NO_ADDRESS,
    Addresses,
    Condition,
    Interfaces,
    Literal,
    Match,
    Names,
)

TCP = IntervalSet.points((6,))
NETS = Addresses.of(map(ipaddress.ip_network, ("192.0.2.0/24", "2001:db8::/32")))
GOTO = Names((DomainPattern.parse("*.goto.com"),))


@pytest.mark.parametrize("protocol", [None, IntervalSet.points((6, 47)), IntervalSet.points((1,))])
def test_source_ports_need_protocols_that_have_them(protocol):
    with pytest.raises(ValueError, match="source ports"):
        Match(protocol=protocol, source_port=TCP)


def test_icmp_types_stand_on_the_destination_port_axis():
    Match(protocol=IntervalSet.points((1,)), destination_port=IntervalSet.of((2048, 2303)))
    with pytest.raises(ValueError, match="destination ports"):
        Match(destination_port=TCP)


def test_a_source_has_no_name():
    with pytest.raises(ValueError, match="names"):
        Match(source=Addresses(names=GOTO))


def test_the_complement_is_exact_and_undone_by_itself():
    assert NETS.complement().complement() == NETS
    assert not NETS.v4 & NETS.complement().v4
    assert ANY_ADDRESS.complement() == NO_ADDRESS
    assert Addresses(names=GOTO).complement().names == Names(GOTO.patterns, negated=True)


def test_union_of_addresses_and_names():
    both = NETS | Addresses(names=GOTO)
    assert (both.v4, both.names) == (NETS.v4, GOTO)
    with pytest.raises(ValueError, match="negated"):
        _ = Addresses(names=GOTO) | ANY_ADDRESS
    with pytest.raises(ValueError, match="negated"):
        _ = ANY_ADDRESS | ANY_ADDRESS


@pytest.mark.parametrize(
    ("names", "negated", "name", "expected"),
    [
        (("eth0",), False, "eth0", True),
        (("eth0",), False, "eth01", False),
        (("eth*",), False, "eth01", True),
        (("eth*",), True, "eth01", False),
        (("lan", "wan*"), False, "wan", True),
        (("*",), False, "", True),
        (("lan",), True, "", True),
    ],
)
def test_interfaces(names, negated, name, expected):
    assert (name in Interfaces(names, negated)) is expected


def test_a_condition_is_its_text():
    one, two = Condition("limit 5/s", Place("f", 1)), Condition("limit 5/s", Place("f", 9))
    assert one == two
    assert hash(one) == hash(two)
    assert str(Literal(one, negated=True)) == "not (limit 5/s)"

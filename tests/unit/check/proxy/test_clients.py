"""One client for each way in which rules tell the clients of a site apart."""

from ipaddress import ip_address, ip_network

import pytest

from callgate.check.limits import TooComplexError
from callgate.check.proxy.clients import clients
from callgate.flows import Family
from callgate.rules import Addresses


def sets(*texts):
    return tuple(Addresses.of((ip_network(text),)) for text in texts)


def chosen(networks, *told_apart):
    found = clients(tuple(map(ip_network, networks)), sets(*told_apart))
    return [str(ip_address(address)) for _, address in found]


def test_nobody_named_is_nobody():
    assert chosen([]) == []


def test_without_rules_the_first_one_speaks_for_all():
    assert chosen(["10.0.0.0/8", "10.1.0.0/16"]) == ["10.0.0.0"]


def test_each_side_of_a_set_is_asked():
    assert chosen(["10.0.0.0/8"], "10.1.0.0/16") == ["10.0.0.0", "10.1.0.0"]
    assert chosen(["10.0.0.0/8"], "10.0.0.0/8") == ["10.0.0.0"]
    assert chosen(["10.0.0.0/8"], "10.0.0.0/16", "10.0.0.0/24") == [
        "10.0.0.0", "10.0.1.0", "10.1.0.0",
    ]  # fmt: skip


def test_families_are_asked_each_for_itself():
    found = clients((ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")), ())
    assert [family for family, _ in found] == [Family.V4, Family.V6]


def test_too_many_kinds_are_too_complex():
    many = sets(*(f"10.{number}.0.0/16" for number in range(1, 250)))
    with pytest.raises(TooComplexError, match="200 kinds"):
        clients((ip_network("10.0.0.0/8"),), many)

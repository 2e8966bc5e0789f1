import ipaddress

import pytest

from callgate.flows import Family
from callgate.flows.prefixes import address_of, family_of, parse_network


@pytest.mark.parametrize(
    ("text", "family"),
    [("192.0.2.0/24", 4), (" 192.0.2.7 ", 4), ("2001:db8::/32", 6), ("0.0.0.0/0", 4), ("::", 6)],
)
def test_networks_and_single_addresses_are_read(text, family):
    assert family_of(parse_network(text)) is Family(family)


def test_host_bits_name_the_network_that_was_meant():
    with pytest.raises(ValueError, match=r"host bits .* did you mean 192\.0\.2\.0/24\?"):
        parse_network("192.0.2.7/24")


@pytest.mark.parametrize(
    "text", ["", "192.0.2", "192.0.2.0/33", "192.0.2.0/-1", "goto.com", "192.0.2.0/٢٤", "10/8"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="not a network"):
        parse_network(text)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "fe80::1%x; accept"])
def test_a_zone_cannot_smuggle_text_into_a_rule(text):
    with pytest.raises(ValueError, match="zone"):
        parse_network(text)


def test_the_address_at_a_point_of_the_axis():
    assert address_of(0xC0000201, Family.V4) == ipaddress.ip_address("192.0.2.1")
    assert address_of(1, Family.V6) == ipaddress.ip_address("::1")

from ipaddress import ip_address

import pytest

from callgate.flows import Family, IntervalSet, prefixes_of
from callgate.flows.prefixes import parse_network
from callgate.lab.addresses import USABLE, boundaries, classes, representative


def nets(*texts, family=Family.V4):
    return prefixes_of(map(parse_network, texts), family)


def test_classes_are_disjoint_cover_everything_and_respect_every_set():
    turn, resolver = nets("198.51.100.0/25", "203.0.113.0/24"), nets("203.0.113.53/32")
    whole = USABLE[Family.V4]
    parts = classes([turn, resolver, whole], whole)
    assert len(parts) == 3
    assert sum(part.size for part in parts) == whole.size
    for part in parts:
        for each in (turn, resolver):
            assert not part & each or part <= each


def test_one_set_gives_one_class():
    assert classes([USABLE[Family.V4]], USABLE[Family.V4]) == [USABLE[Family.V4]]


@pytest.mark.parametrize(
    ("part", "chosen"),
    [
        (("10.0.0.0/8", "198.51.100.0/24"), "198.51.100.7"),
        (("10.0.0.0/8",), "10.0.0.7"),
        (("192.0.2.4/31",), "192.0.2.5"),
        (("192.0.2.4/32",), "192.0.2.4"),
    ],
)
def test_the_representative_is_a_documentation_address_if_there_is_one(part, chosen):
    assert representative(nets(*part), Family.V4) == int(ip_address(chosen))


def test_boundaries_are_the_addresses_on_both_sides_of_each_border():
    whole = IntervalSet.of((100, 200))
    parts = classes([IntervalSet.of((120, 130))], whole)
    assert boundaries(parts, whole) == [119, 120, 130, 131]


def test_usable_addresses_are_unicast():
    for text in ("127.0.0.1", "0.0.0.1", "224.0.0.1", "255.255.255.255", "169.254.1.1"):
        assert int(ip_address(text)) not in USABLE[Family.V4]
    for text in ("::1", "fe80::1", "ff02::1", "::ffff:192.0.2.1"):
        assert int(ip_address(text)) not in USABLE[Family.V6]

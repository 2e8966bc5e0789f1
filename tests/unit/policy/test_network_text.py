"""Lists of networks as people paste them."""

from ipaddress import ip_network

import pytest

from callgate.errors import InputError
from callgate.policy.network_text import parse_network_text

ONE, TWO, SIX = map(ip_network, ("192.0.2.0/24", "198.51.100.0/25", "2001:db8::/32"))


@pytest.mark.parametrize(
    "text",
    [
        "192.0.2.0/24,198.51.100.0/25,2001:db8::/32",
        "192.0.2.0/24; 198.51.100.0/25;\n2001:db8::/32;",
        "\ufeff  • 192.0.2.0/24\r\n  • 198.51.100.0/25\r\n\r\n  • 2001:db8::/32\r\n",
        "- 192.0.2.0/24\n-198.51.100.0/25\n* 2001:db8::/32",
        "# relays\n192.0.2.0/24 # Frankfurt, Paris\n\t198.51.100.0/25\u00a02001:db8::/32\n#",
        "192.0.2.0/255.255.255.0\n198.51.100.0/25\n2001:DB8:0::/32\n192.0.2.0/24",
    ],
)
def test_furniture_is_no_matter(text):
    assert parse_network_text(text, "list.txt") == (ONE, TWO, SIX)


def test_an_address_is_a_network():
    assert parse_network_text("192.0.2.7", "x") == (ip_network("192.0.2.7/32"),)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ["list.txt:1: the file is empty"]),
        ("# nothing\n\n•\n", ["list.txt:1: no network in the text"]),
        (
            "192.0.2.1/24",
            [
                "list.txt:1:1: host bits are set in '192.0.2.1/24'",
                "    hint: did you mean 192.0.2.0/24?",
            ],
        ),
        (
            "Europe: 192.0.2.0/24\n\n• 300.0.2.0/24",
            [
                "list.txt:1:1: not a network: 'Europe:'",
                "list.txt:3:3: not a network: '300.0.2.0/24'",
            ],
        ),
        (
            "192.0.2.0/24 not 198.51.100.0/24",
            ["list.txt:1:14: not a network: 'not'"],
        ),
        (
            "192.0.2.0 255.255.255.0",
            [
                "list.txt:1:11: '255.255.255.0' looks like a netmask",
                "    hint: write 192.0.2.0/24",
            ],
        ),
        (
            "192.0.2.0 0.0.0.255",
            ["list.txt:1:11: '0.0.0.255' looks like a netmask", "    hint: write 192.0.2.0/24"],
        ),
        (
            "192.0.2.0-192.0.2.255",
            [
                "list.txt:1:1: a range of addresses: '192.0.2.0-192.0.2.255'",
                "    hint: write 192.0.2.0/24",
            ],
        ),
        ("192.0.2.0 - 192.0.2.255", ["list.txt:1:11: not a network: '-'"]),
        ("192.0.2.9-192.0.2.1", ["list.txt:1:1: a range of addresses: '192.0.2.9-192.0.2.1'"]),
        ("192.0.2.0/24/24", ["list.txt:1:1: not a network: '192.0.2.0/24/24'"]),
        ("192.0.2.0/33", ["list.txt:1:1: not a network: '192.0.2.0/33'"]),
        ("*.goto.com", ["list.txt:1:1: not a network: '*.goto.com'"]),
        ("192.0.2.0/24\u200b", ["list.txt:1:1: not a network: '192.0.2.0/24\\u200b'"]),
        ("!192.0.2.0/24", ["list.txt:1:1: not a network: '!192.0.2.0/24'"]),
        (
            "fe80::1%eth0",
            ["list.txt:1:1: not a network: 'fe80::1%eth0': a zone (%) has no meaning in a rule"],
        ),
    ],
)
def test_what_is_not_understood_is_never_skipped(text, shown):
    with pytest.raises(InputError) as caught:
        parse_network_text(text, "list.txt")
    assert str(caught.value).splitlines() == shown

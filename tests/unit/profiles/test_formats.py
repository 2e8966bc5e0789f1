"""What each named format takes, at its edges."""

import re

import pytest

from callgate.policy.site_formats import SITE_FORMATS
from callgate.profiles.documents import control_character

GOOD = {
    "id": ["a", "turn-udp", "a.b-1", "x" * 64],
    "version": ["1", "2.1", "10.0.3"],
    "line": ["x", "a — b • c", '"quoted"'],
    "network": ["192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "0.0.0.0/0"],
    "domain-pattern": ["*.goto.com", "apis.google.com", "*.xn--bcher-kva.example"],
    "ports": ["1", "65535", "1-65535", "443-443"],
    "port-or-absent": ["1", "65535", "unpublished"],
    "absent": ["unstated", "unpublished"],
    "date-or-absent": ["2026-02-28", "unstated"],
    "url-or-absent": ["https://www.example.com/a?b#c", "unpublished"],
    "host-or-absent": ["turn.example.com", "unpublished"],
    "name": ["a", "Büro 2.OG_links-1", "東京", "x" * 64],
    "chain": ["forward", "_x.y-z", "FORWARD"],
    "table": ["filter", "inet filter"],
    "none": ["none"],
}
BAD = {
    "id": ["", "A", "a_b", "-a", "a-", "a..b", "a b", "x" * 65, "a\n", "é"],
    "version": ["", "1.", "v1", "1.0-beta", "٣"],
    "line": ["", " ", "a\nb", "a\tb", "a\x7f", "a\x85", "a\u2028", "a\u202eb", "a\u200b"],
    "network": ["", "192.0.2.1/24", "192.0.2.0/33", "x", "2001:db8::1/32"],
    "domain-pattern": ["", "*", "*.", "a..b", "a b", "**.a.b", "192.0.2.1", "x" * 64 + ".com"],
    "ports": ["", "0", "65536", "0-5", "1-65536", "5-4", "1-2-3", "-1", "+1", "1 ", "0x1", "1.0"],
    "port-or-absent": ["0", "65536", "1-2", "unstatd"],
    "absent": ["", "none", "Unstated"],
    "date-or-absent": ["2026-02-30", "2026", "1.2.2026", "unknown"],
    "url-or-absent": ["http://www.example.com", "https://", "https://a b", "www.example.com"],
    "host-or-absent": ["*.example.com", "a b", "192.0.2.1"],
    "name": ["", " ", "a\n", 'a"b', "a'b", "{a}", "$a", "a;b", "a/b", "a\u200b", "x" * 65],
    "chain": ["", "1a", "a b", 'a"', "a;b", "a{", "é", "x" * 129],
    "table": ["", "a b c", "inet  filter", " filter", 'inet "x"'],
    "none": ["", "no", "None"],
}


def cases(table):
    return [(name, text) for name, texts in table.items() for text in texts]


@pytest.mark.parametrize(("name", "text"), cases(GOOD))
def test_good(name, text):
    SITE_FORMATS[name](text)


@pytest.mark.parametrize(("name", "text"), cases(BAD))
def test_bad(name, text):
    with pytest.raises(ValueError, match=r"."):
        SITE_FORMATS[name](text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("65536", "not a port: 65536; ports are 1 to 65535"),
        ("5-4", "a range that is reversed: 5-4; did you mean 4-5?"),
        ("x", "not a port or a range of ports: 'x'; 443 or 45000-49999"),
    ],
)
def test_ports_say_what_is_wrong(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        SITE_FORMATS["ports"](text)


@pytest.mark.parametrize("char", "\x00\x07\x1b\x1f\x7f\x80\x9f\ud800\udfff\u2028\u2029\n")
def test_control_characters_are_found(char):
    assert control_character(f"a{char}b") == char


def test_text_is_not_taken_for_control():
    assert control_character(" ~\xa0é\u2027\u202a東\U0001f525") is None
    assert control_character("a\n\tb", allowed="\n\t") is None

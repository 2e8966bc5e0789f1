import pytest

from callgate.names import DomainPattern
from callgate.names.patterns import normalise

BELOW = DomainPattern.parse("*.goto.com")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("*.goto.com", "*.goto.com"),
        ("  GoTo.COM.  ", "goto.com"),
        ("bü.example", "xn--b-eha.example"),
        ("_turn._udp.example", "_turn._udp.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
    ],
)
def test_parse_keeps_the_form_that_travels_in_dns(written, kept):
    assert str(DomainPattern.parse(written)) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "*",
        "*.",
        "*.*.example",
        "a.*.example",
        "a..example",
        "goto.com..",
        "-a.example",
        "a-.example",
        "a" * 64 + ".example",
        ".".join(["abc"] * 64),
        "192.0.2.1",
        "2001:db8::1",
        "example.1",
        "example.0x7f",
        "a b.example",
        'a".example',
        "a\n.example",
        "a;b{}.example",
        "straße.example",
        "goto。com",
    ],
)
def test_parse_refuses_what_is_no_name_or_more_than_one(text):
    with pytest.raises(ValueError, match="domain name"):
        DomainPattern.parse(text)


@pytest.mark.parametrize(
    "host", ["a.goto.com", "a.b.c.goto.com", "A.GOTO.COM", "a.goto.com.", "_x.goto.com"]
)
def test_a_wildcard_matches_at_any_depth(host):
    assert BELOW.matches(host)


@pytest.mark.parametrize(
    "host",
    [
        "goto.com",
        "goto.com.",
        ".goto.com",
        "agoto.com",
        "a.goto.com.example",
        "a.goto.com..",
        "a.goto-com",
        "com",
        "",
    ],
)
def test_a_wildcard_matches_neither_the_apex_nor_look_alikes(host):
    assert not BELOW.matches(host)


def test_an_exact_pattern_matches_that_name_only():
    exact = DomainPattern.parse("apis.google.com")
    assert exact.matches("APIS.google.com.")
    assert not exact.matches("x.apis.google.com")
    assert not exact.matches("google.com")


@pytest.mark.parametrize(
    ("one", "two", "covered"),
    [
        ("*.goto.com", "*.goto.com", True),
        ("*.goto.com", "a.goto.com", True),
        ("*.goto.com", "*.a.goto.com", True),
        ("*.goto.com", "goto.com", False),
        ("*.a.goto.com", "*.goto.com", False),
        ("goto.com", "*.goto.com", False),
        ("goto.com", "goto.com", True),
        ("*.goto.com", "*.notgoto.com", False),
    ],
)
def test_covers(one, two, covered):
    assert DomainPattern.parse(one).covers(DomainPattern.parse(two)) == covered


def test_normalise_keeps_what_is_normal():
    assert normalise(normalise("Bü.Example.")) == normalise("bü.example")

import pytest

from callgate.dialects.nftables.reading.tokens import LINE_MAX, Kind, Source, tokens
from callgate.errors import InputError


def cut(text):
    return [(each.kind, each.text) for each in tokens(Source("f", text))][:-1]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("tcp dport 22", [Kind.WORD, Kind.WORD, Kind.NUMBER]),
        ("1000-2000", [Kind.NUMBER, Kind.OPERATOR, Kind.NUMBER]),
        ("admin-prohibited", [Kind.WORD]),
        ("10/second", [Kind.NUMBER, Kind.OPERATOR, Kind.WORD]),
        ("mbytes/second", [Kind.WORD]),
        ("192.0.2.0/24", [Kind.V4, Kind.OPERATOR, Kind.NUMBER]),
        ("2001:db8::/32", [Kind.V6, Kind.OPERATOR, Kind.NUMBER]),
        ("::", [Kind.V6]),
        ("::ffff:192.0.2.1", [Kind.V6]),
        ("1:2:3:4:5:6:7:8", [Kind.V6]),
        ("00:11:22:33:44:55", [Kind.MAC]),
        ("22:accept", [Kind.NUMBER, Kind.OPERATOR, Kind.WORD]),
        ("1h30m", [Kind.TIME]),
        ("0x1f", [Kind.NUMBER]),
        ("eth*", [Kind.WORD]),
        ("a . b", [Kind.WORD, Kind.OPERATOR, Kind.WORD]),
        ('"a b" # c', [Kind.STRING]),
        ("a\nb", [Kind.WORD, Kind.NEWLINE, Kind.WORD]),
        ("a \\\n b", [Kind.WORD, Kind.WORD]),
        ("a\r\nb", [Kind.WORD, Kind.NEWLINE, Kind.WORD]),
        ("!=5", [Kind.OPERATOR, Kind.NUMBER]),
        ("<=5", [Kind.OPERATOR, Kind.NUMBER]),
    ],
)
def test_pieces(text, kinds):
    assert [kind for kind, _ in cut(text)] == kinds


def test_a_token_knows_its_place():
    last = list(tokens(Source("f", "a\n  # x\n\tb")))[-2]
    assert str(last.place) == "f:3:2"


def test_a_comment_that_swallowed_a_rule_is_no_comment():
    found = cut("tcp dport 22 # recent: x counter packets 1 bytes 60 drop\n")
    assert found[3][0] is Kind.FOREIGN


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a\n\x00", "f:2:1", "not a text"),
        ("\ufefftable", "f:1:1", "not a text"),
        ("table \ufffd", "f:1:7", "not a text"),
        ('a "b\n', "f:1:3", "quotation mark"),
        ("a ~", "f:1:3", "unexpected character"),
        ("a\n" + "b" * (LINE_MAX + 1), "f:2:1", "characters"),
    ],
)
def test_what_is_no_text_is_one_mistake_with_its_place(text, place, message):
    with pytest.raises(InputError) as caught:
        cut(text)
    (mistake,) = caught.value.mistakes
    assert str(mistake.place) == place
    assert message in mistake.message

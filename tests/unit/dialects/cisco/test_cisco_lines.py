import pytest

from callgate.dialects.cisco.lines import read_lines, statements
from callgate.errors import InputError


def words(text, **options):
    chosen = {"comments": "!", "delimited": True} | options
    return [line.words for line in read_lines(text, "f", **chosen)]


def test_comments_and_empty_lines_are_no_lines():
    assert words("a b\n\n! c\n  d ! e\n!\n") == [("a", "b"), ("d",)]


def test_the_asa_comments_with_a_colon_too():
    assert words(": Saved\na\n", comments="!:") == [("a",)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_lines_alike(end):
    lines = read_lines(end.join(["a", "", " b c"]), "f", comments="!", delimited=True)
    assert [(line.number, line.indent, line.words) for line in lines] == [
        (1, 0, ("a",)),
        (3, 1, ("b", "c")),
    ]


def test_a_word_has_its_column():
    (line,) = read_lines("  permit   tcp", "f", comments="!", delimited=True)
    assert [line.place("f", word).column for word in (0, 1, 2)] == [3, 12, 15]


@pytest.mark.parametrize(
    "text",
    [
        "banner motd ^C\ntext\n^C\na",
        "banner motd ^\ntext\nmore ^ tail\na",
        "banner login #text#\na",
        "banner motd\ntext\nEOF\na",
        "macro name M\ntext\n@\na",
        "line vty 0 4\n vacant-message %text\nmore%\na",
    ],
)
def test_delimited_text_is_passed_over(text):
    assert words(text)[-1] == ("a",)
    assert not any("text" in line or "more" in line for line in words(text))


def test_on_the_asa_every_line_of_a_banner_is_a_command():
    assert words("banner exec ^C\na", delimited=False) == [("banner", "exec", "^C"), ("a",)]


@pytest.mark.parametrize("text", ["banner motd ^C\ntext", "macro name M\ntext"])
def test_delimited_text_needs_its_end(text):
    with pytest.raises(InputError, match=r"f:1: .*no end"):
        words(text)


def grouped(text):
    lines = read_lines(text, "f", comments="!", delimited=True)
    found = statements(
        lines, lambda each: each[0] == "global", lambda head, each: (head[0], each[0]) == ("m", "s")
    )
    return [(each.head.words[0], [line.words[0] for line in each.body]) for each in found]


def test_lines_of_a_submode_stand_under_their_head():
    assert grouped("m\n a\n  b\nx\n c") == [("m", ["a", "b"]), ("x", ["c"])]


def test_a_text_that_is_indented_as_a_whole_is_read_alike():
    assert grouped("  m\n   a\n  x") == [("m", ["a"]), ("x", [])]


def test_without_indentation_the_words_say_what_belongs():
    assert grouped("m\ns\nx\ns") == [("m", ["s"]), ("x", []), ("s", [])]


def test_a_filtering_command_is_no_line_of_a_submode():
    assert grouped("m\n global\n  a") == [("m", []), ("global", ["a"])]

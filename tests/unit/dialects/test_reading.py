import pytest

from callgate.dialects import reading
from callgate.errors import InputError, UsageError
from callgate.rules import Ruleset


class Sample:
    """A reader that claims texts which hold its word."""

    word = "sample"
    title = "Sample"

    @property
    def name(self):
        return self.word

    def detect(self, text):
        return self.word in text

    def parse(self, text, source, include=reading.nothing_to_include):
        return Ruleset(self.name, source, {}, ())


class Other(Sample):
    word = "other"


@pytest.fixture
def two_readers(monkeypatch):
    monkeypatch.setattr(
        reading, "READERS", {"sample": f"{__name__}:Sample", "other": f"{__name__}:Other"}
    )


@pytest.mark.usefixtures("two_readers")
def test_the_reader_that_alone_claims_a_text_is_taken():
    assert reading.recognise("an other text", "f").name == "other"


@pytest.mark.usefixtures("two_readers")
@pytest.mark.parametrize(
    ("text", "message"),
    [("sample or other", "it could be sample or other"), ("", "no configuration that we know")],
)
def test_a_text_that_nobody_or_everybody_claims_is_refused_with_the_way_out(text, message):
    with pytest.raises(InputError, match=rf"f:1: .*{message}\n.*--dialect"):
        reading.recognise(text, "f")


@pytest.mark.usefixtures("two_readers")
def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError, match="sample, other"):
        reading.find("third")


def test_every_reader_of_the_table_is_there_under_its_name():
    assert [reading.find(name).name for name in reading.READERS] == list(reading.READERS)


def test_a_text_that_stands_alone_includes_nothing():
    with pytest.raises(InputError, match=r"more\.nft"):
        reading.nothing_to_include("more.nft")

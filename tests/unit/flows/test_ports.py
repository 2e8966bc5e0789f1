import pytest

from callgate.flows import IntervalSet, PortRange


@pytest.mark.parametrize("text", ["443", "45000-49999", "0", "65535", "0-65535"])
def test_parse_and_print_agree(text):
    assert str(PortRange.parse(f" {text} ")) == text


@pytest.mark.parametrize(
    "text",
    ["", "-1", "443-", "-443", "1-2-3", "1 - 2", "+1", "0x50", "²", "1-²", "1-٣", "65536", "5-3"],
)
def test_parse_refuses(text):
    with pytest.raises(ValueError, match="not a port"):
        PortRange.parse(text)


def test_thousands_of_digits_are_refused_like_any_other_text():
    with pytest.raises(ValueError, match="not a port or a range"):
        PortRange.parse("9" * 5000)


def test_union_merges_what_touches():
    ranges = (PortRange(444, 500), PortRange(443, 443), PortRange(80, 80))
    assert PortRange.union(ranges) == IntervalSet.of((80, 80), (443, 500))

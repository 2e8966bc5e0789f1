import pytest

from callgate.errors import InputError, UsageError
from callgate.netns.impairment import Impairment, LinkImpairment
from callgate.netns.impairment_text import parse

MS = 10**6


def mistakes(text):
    with pytest.raises(InputError) as caught:
        parse(text)
    return [(each.place.column, each.message) for each in caught.value.mistakes]


def test_every_word_sets_its_field():
    text = "delay 20ms jitter 5ms loss 3% burst 3 rate 2mbit queue 100ms reorder 1% seed 7"
    one = Impairment(20 * MS, 5 * MS, 3.0, 3.0, 2_000_000, 100 * MS, 1.0, 7)
    assert parse(text) == LinkImpairment(one, one)
    assert str(parse(text)) == text


def test_each_direction_apart():
    text = "there delay 20ms; back rate 512kbit"
    expected = LinkImpairment(Impairment(delay=20 * MS), Impairment(rate=512_000))
    assert parse(text) == expected
    assert str(expected) == text
    assert parse("there none; back delay 1ms").there == Impairment()


def test_none_is_a_link_that_does_nothing():
    assert parse("none") == LinkImpairment()
    assert str(LinkImpairment()) == "none"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5ms", 1_500_000), ("2s", 2 * 10**9), ("7us", 7_000), ("3ns", 3), ("0.25us", 250)],
)
def test_units_of_time(text, value):
    assert parse(f"delay {text}").there.delay == value


@pytest.mark.parametrize("value", ["20", "ms", "-5ms", "20 ms", "0.5ns", "1e3ms", "٢ms", "20MS"])
def test_what_is_no_time_is_refused(value):
    assert mistakes(f"delay {value}")


@pytest.mark.parametrize(
    "text", ["loss 3", "rate 2mb", "rate 1.5bit", "burst 3%", "seed -1", "seed 1.5", "reorder x%"]
)
def test_a_value_of_another_kind_is_refused_where_it_stands(text):
    ((column, message),) = mistakes(text + (" delay 1ms" if "reorder" in text else ""))
    assert column == text.index(" ") + 2
    assert "is no value for" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "nothing is said")]),
        ("dely 20ms", [(1, "unknown word 'dely'")]),
        ("delay", [(1, "delay has no value")]),
        ("delay loss 3%", [(1, "delay has no value")]),
        ("delay 1 ms loss x", [(7, "'1' is no value for delay"), (9, None), (17, None)]),
        ("delay 1ms delay 2ms", [(11, "delay is said twice")]),
        ("delay 1ms jitter 2ms", [(11, "jitter: is more than the delay")]),
        ("delay 61s", [(1, "delay: is not between 0 s and 60 s")]),
        ("loss 101%", [(1, "loss: is not between 0% and 100%")]),
        ("rate 0bit", [(1, "rate: must be more than 0")]),
        ("queue 5ms", [(1, "queue: nothing waits without a rate")]),
        ("reorder 1%", [(1, "reorder: there is no delay to skip")]),
        ("burst 3", [(1, "burst: nothing is lost")]),
        ("loss 3% burst 0.5", [(9, "burst: is less than one packet")]),
        ("loss 90% burst 3", [(10, "burst: bursts of 3 lose 75% at most")]),
        ("delay 1ms; loss 2", [(1, "two directions are 'there … ; back …'"), (17, None)]),
        ("there none; back none;", None),
        ("back none; there none", None),
        ("there delay 1ms", None),
        ("there; back none", [(1, "nothing is said")]),
        ("there loss 3; back seed x", [(12, None), (25, None)]),
        ("none delay 1ms", None),
    ],
)
def test_all_mistakes_are_told_with_their_places(text, expected):
    found = mistakes(text)
    if expected is not None:
        assert [column for column, _ in found] == [column for column, _ in expected]
        assert all(
            want in (None, said) for (_, said), (_, want) in zip(found, expected, strict=True)
        )


def test_every_mistake_has_a_hint():
    with pytest.raises(InputError) as caught:
        parse("delay 1 jitter 2 x; loss")
    assert all(each.hint for each in caught.value.mistakes)


def test_an_impairment_made_in_code_is_held_to_the_same_rules():
    with pytest.raises(UsageError, match="jitter: is more than the delay"):
        Impairment(jitter=1)
    with pytest.raises(UsageError, match="bursts of 1 lose 50% at most"):
        Impairment(loss=51, burst=1)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.lab import audio
from callgate.lab.delays import Delays, delays


@given(st.integers(0, 65535))
def test_a_packet_tells_its_number(number):
    assert audio.number_of(audio.packet(number)) == number


def test_anything_else_has_no_number():
    good = audio.packet(1)
    assert audio.number_of(good[:-1]) is None
    assert audio.number_of(bytes(len(good))) is None


@given(st.integers(0, 65535), st.floats(0, 1e6))
def test_a_stamp_leaves_the_packet_what_it_was(number, seconds):
    stamped = audio.stamped(audio.packet(number), seconds)
    assert audio.number_of(stamped) == number
    assert abs(audio.stamp_of(stamped) - seconds) < 1e-6


def test_only_our_packets_are_stamped():
    assert audio.stamped(b"something else", 1.0) == b"something else"


def echoes(**received):
    """Packets that the vendor turned round after 4 ms."""
    return {
        int(name[1:]): audio.Echo(int(name[1:]) + 0.004, time) for name, time in received.items()
    }


def test_quality_is_of_what_came_back():
    sent = {0: 0.0, 1: 1.0, 2: 2.0, 3: 3.0}
    found = audio.quality(sent, echoes(n0=0.01, n1=1.01, n2=2.01))
    assert found is not None
    assert (found.rtt_ms, found.jitter_ms, found.loss, found.concealment) == (10.0, 0.0, 0.25, 0.25)
    assert found.up == Delays(4.0, 4.0, 4.0)
    assert found.down == Delays(6.0, 6.0, 6.0)
    assert audio.quality(sent, {}) is None


def test_what_comes_after_its_deadline_is_concealed_and_not_lost():
    sent = {0: 0.0, 1: 1.0, 2: 2.0}
    found = audio.quality(sent, echoes(n0=0.01, n1=1.065, n2=2.075))
    assert found is not None
    assert (found.loss, found.concealment) == (0.0, 0.3333)


def test_jitter_is_the_running_estimate_of_rfc_3550():
    found = audio.quality({0: 0.0, 1: 1.0}, echoes(n0=0.010, n1=1.026))
    assert found is not None
    assert found.jitter_ms == 1.0


def test_clocks_that_do_not_agree_give_no_one_way_delay():
    found = audio.quality({0: 0.0}, {0: audio.Echo(-5.0, 0.01)})
    assert found is not None
    assert found.up is None
    assert found.rtt_ms == 10.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (range(1, 101), Delays(50.0, 95.0, 99.0)),
        ([7], Delays(7.0, 7.0, 7.0)),
        ([3, 1, 2], Delays(2.0, 3.0, 3.0)),
    ],
)
def test_percentiles_are_values_that_occurred(values, expected):
    assert delays([value / 1000 for value in values]) == expected


def test_no_values_have_no_percentiles():
    assert delays([]) is None

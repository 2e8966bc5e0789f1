from hypothesis import given
from hypothesis import strategies as st

from callgate.lab import audio


@given(st.integers(0, 65535))
def test_a_packet_tells_its_number(number):
    assert audio.number_of(audio.packet(number)) == number


def test_anything_else_has_no_number():
    good = audio.packet(1)
    assert audio.number_of(good[:-1]) is None
    assert audio.number_of(bytes(len(good))) is None


def test_quality_is_of_what_came_back():
    sent = {0: 0.0, 1: 1.0, 2: 2.0, 3: 3.0}
    assert audio.quality(sent, {0: 0.01, 1: 1.01, 2: 2.01}) == audio.Quality(10.0, 0.0, 0.25)
    assert audio.quality(sent, {}) is None


def test_jitter_is_the_running_estimate_of_rfc_3550():
    found = audio.quality({0: 0.0, 1: 1.0}, {0: 0.010, 1: 1.026})
    assert found is not None
    assert found.jitter_ms == 1.0

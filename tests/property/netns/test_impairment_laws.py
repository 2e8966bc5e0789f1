from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from callgate.errors import InputError
from callgate.netns.departures import Departures
from callgate.netns.impairment import QUEUE, Impairment, LinkImpairment
from callgate.netns.impairment_text import parse

PERCENT = st.floats(0, 100, allow_subnormal=False)


@st.composite
def impairments(draw, reorder=True):
    delay = draw(st.integers(0, 60 * 10**9))
    loss = draw(PERCENT)
    rate = draw(st.none() | st.integers(1, 10**11))
    return Impairment(
        delay=delay,
        jitter=draw(st.integers(0, delay)),
        loss=loss,
        burst=draw(st.none() | st.floats(100, 1e6)) if 0 < loss < 99 else None,
        rate=rate,
        queue=draw(st.integers(0, 60 * 10**9)) if rate else QUEUE,
        reorder=draw(PERCENT) if delay and reorder else 0.0,
        seed=draw(st.integers(0, 2**70)),
    )


ARRIVALS = st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 65535)), max_size=60)


@given(impairments(), impairments())
def test_a_text_and_its_impairment_are_the_same_thing(there, back):
    link = LinkImpairment(there, back)
    assert parse(str(link)) == link


@given(st.text(alphabet="delayjitrosbunckmq0123456789.%;- \n\t\u0663\u00e9", max_size=60))
def test_any_text_is_read_or_explained(text):
    with suppress(InputError):
        found = parse(text)
        assert parse(str(found)) == found


def departures(impairment, arrivals):
    link, now, found = Departures(impairment, "there"), 0, []
    for later, size in arrivals:
        now += later
        when = link.decide(now, size)
        if isinstance(when, int):
            found.append((now, size, when))
    return found


@given(impairments(reorder=False), ARRIVALS)
def test_without_reorder_packets_stay_in_order(impairment, arrivals):
    times = [when for *_, when in departures(impairment, arrivals)]
    assert times == sorted(times)


@given(impairments(), ARRIVALS)
def test_no_packet_is_early_and_none_waits_longer_than_it_may(impairment, arrivals):
    slowest = 0
    for now, size, when in departures(impairment, arrivals):
        sending = size * 8 * 10**9 // impairment.rate + 1 if impairment.rate else 0
        slowest = max(slowest, sending)
        queue = impairment.queue if impairment.rate else 0
        earliest = now if impairment.reorder else now + impairment.delay - impairment.jitter
        assert when >= earliest
        # A packet may be held behind one with more jitter that was sent before it.
        assert when <= now + queue + slowest + impairment.delay + impairment.jitter

"""The measurement that comes with Callgate bears what docs/quality.md says of it."""

import pytest

from callgate.lab.quality.cells import full, named
from callgate.lab.quality.published import published
from callgate.lab.quality.settings import FULL, Settings

SETTINGS, FIGURES = published()
BY_NAME = {figures.cell.name: figures for figures in FIGURES}


def test_it_is_whole_and_measured_as_the_code_measures_now():
    assert [figures.cell for figures in FIGURES] == full()
    seconds, repeat = FULL
    ours = Settings(tuple(full()), seconds, 1, repeat, SETTINGS["kernel"])
    assert ours.as_json() == SETTINGS
    for figures in FIGURES:
        assert figures.runs == repeat
        assert figures.audio.lost.total == seconds * repeat * 50


@pytest.mark.parametrize("figures", FIGURES, ids=lambda each: each.cell.name)
def test_no_cell_says_what_cannot_be(figures):
    # Half a round trip is the least, and TCP loses nothing but what the client dropped
    # or what was still queued half a minute after the end.
    assert figures.audio.p50 >= figures.cell.rtt / 2
    if figures.cell.relay == "udp":
        low, high = figures.audio.lost.interval(0.999)
        tolerance = 0.02 if figures.cell.bursts else 0
        assert low - tolerance <= figures.cell.loss / 100 <= high + tolerance
        assert figures.audio.p95 < figures.cell.rtt / 2 + 5
    elif not figures.cell.loss:
        assert figures.audio.late.share < 0.01


@pytest.mark.parametrize("condition", ["av-40ms-3%", "av-40ms-5%", "av-150ms-1%", "av-150ms-5%"])
def test_audio_beside_video_is_worse_by_tcp_beyond_doubt(condition):
    udp, tcp, tls = (BY_NAME[f"{condition}-{relay}"] for relay in ("udp", "tcp", "tls"))
    for stream in (tcp, tls):
        assert stream.audio.late.interval()[0] > udp.audio.late.interval()[1]
        assert stream.audio.interval.low > udp.audio.interval.high
        assert stream.mos_opus < udp.mos_opus


def test_thin_audio_over_a_short_way_is_where_tcp_loses_less():
    udp, tcp = (BY_NAME[f"audio-40ms-3%-{relay}"] for relay in ("udp", "tcp"))
    assert tcp.audio.late.interval()[1] < udp.audio.late.interval()[0]
    assert tcp.audio.p95 > 2 * udp.audio.p95
    assert tcp.concealed.share > udp.concealed.share


def test_every_cell_can_be_measured_again_by_its_name():
    assert named(BY_NAME) == full()

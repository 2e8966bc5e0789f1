import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.lab.quality.figures import PACKETIZATION, figures
from callgate.lab.quality.plain import as_json, from_json
from callgate.quality import Proportion
from tests.support.quality import run

TCP, UDP = "av-40ms-3%-tcp", "audio-40ms-3%-udp"


def test_a_steady_stream():
    found = figures([run(UDP, [20.0])])
    assert (found.audio.p50, found.audio.p95, found.audio.p99) == (20.0, 20.0, 20.0)
    assert found.audio.lost == found.audio.late == found.concealed == Proportion(0, 250)
    assert found.video is None
    # Twenty ms on the way, twenty in the buffer, twenty to fill the packet.
    assert found.ear == 20 + 20 + PACKETIZATION == 60
    assert (found.mos_g711, found.mos_opus) == (4.37, 4.40)


def test_late_is_not_lost_and_video_may_take_longer():
    found = figures([run(TCP, [20.0, 160.0], [20.0, 160.0, 401.0, None])])
    assert found.audio.lost.count == 0
    assert found.audio.late == Proportion(125, 250)
    assert found.video is not None
    assert found.video.late == Proportion(312, 625)
    assert found.video.lost == Proportion(156, 625)


def test_all_runs_count():
    found = figures([run(UDP, [20.0]), run(UDP, [40.0]), run(UDP, [None, 60.0])])
    assert found.runs == 3
    assert found.audio.lost == Proportion(125, 750)
    assert found.audio.p50 == 40.0
    assert found.audio.interval is not None
    assert (found.audio.interval.low, found.audio.interval.high) == (20.0, 60.0)
    assert found.audio.interval.coverage == 0.75


def test_one_part_alone_has_no_interval():
    assert figures([run(UDP, [20.0])]).audio.interval is None


def test_what_the_client_dropped_is_told():
    assert figures([run(TCP, [20.0], dropped=4), run(TCP, [20.0], dropped=1)]).audio.dropped == 5


def test_worse_networks_have_worse_models():
    scores = [
        figures([run(UDP, delays)])
        for delays in ([20.0], [20.0] * 30 + [None], [20.0] * 5 + [None], [20.0, 900.0, None])
    ]
    for score in ("mos_g711", "mos_opus"):
        values = [getattr(each, score) for each in scores]
        assert values == sorted(values, reverse=True)
        assert len(set(values)) == 4


def test_a_cell_in_which_nothing_came():
    found = figures([run(UDP, [None])])
    assert found.audio.p95 is None
    assert found.concealed == found.audio.late == Proportion(250, 250)
    assert found.ear is None
    assert found.mos_g711 < 1.5
    assert from_json(as_json(found)) == found


def test_the_ratings_are_those_shown_and_bring_their_parameters():
    found = figures([run(TCP, [20.0] * 20 + [None])])
    g711, opus = found.ratings()
    assert (round(g711.mos, 2), round(opus.mos, 2)) == (found.mos_g711, found.mos_opus)
    assert any("g711-plc" in str(each) for each in g711.parameters)
    assert any("opus-40k" in str(each) for each in opus.parameters)


@given(st.lists(st.none() | st.integers(10, 2000).map(float), min_size=1, max_size=40))
def test_figures_survive_json(delays):
    found = figures([run(TCP, delays), run(TCP, delays[::-1], dropped=1)])
    assert from_json(as_json(found)) == found


def test_json_has_shares_with_intervals():
    found = as_json(figures([run(UDP, [20.0] * 24 + [None])]))
    assert found["cell"] == UDP
    assert found["path"] == "udp-relay"
    lost = found["audio"]["lost"]
    assert (lost["count"], lost["total"], lost["share"]) == (10, 250, 0.04)
    assert lost["low"] < 0.04 < lost["high"]
    assert found["video"] is None


def test_without_runs_there_are_no_figures():
    with pytest.raises(IndexError):
        figures([])

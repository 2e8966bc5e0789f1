from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.errors import UsageError
from callgate.lab.quality.cells import full, named, quick
from callgate.lab.quality.settings import Settings
from callgate.lab.quality.traffic import (
    AUDIO,
    SECOND,
    STREAMS,
    VIDEO,
    Packet,
    packed,
    schedule,
    unpacked,
)
from callgate.netns.impairment_text import parse


def test_the_full_matrix():
    cells = full()
    assert len(cells) == len({cell.name for cell in cells}) == 84
    assert Counter(cell.relay for cell in cells) == {"udp": 28, "tcp": 28, "tls": 28}
    assert not any(cell.bursts for cell in cells if not cell.loss)


def test_the_quick_ones_are_six_of_them():
    assert [cell.name for cell in quick()] == [
        f"av-40ms-{loss}%-{relay}" for loss in (0, 3) for relay in ("udp", "tcp", "tls")
    ]
    assert set(quick()) < set(full())


def test_cells_by_name_each_once_and_in_order():
    names = ["av-40ms-3%-bursts-tls", "audio-150ms-0%-udp", "av-40ms-3%-bursts-tls"]
    found = named(names)
    assert [cell.name for cell in found] == names[:2]
    assert [cell.path for cell in found] == ["tls-relay", "udp-relay"]


def test_a_misspelt_cell_is_named_with_what_was_meant():
    with pytest.raises(UsageError, match=r"no cell 'av-40ms-3%-tpc'.*did you mean.*-tcp"):
        named(["av-40ms-3%-tpc"])
    with pytest.raises(UsageError, match=r"for example audio-40ms-3%-tcp"):
        named(["?"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("av-40ms-0%-udp", "delay 20ms seed 9"),
        ("av-150ms-5%-tcp", "delay 75ms loss 5% seed 9"),
        ("av-40ms-3%-bursts-tls", "delay 20ms loss 3% burst 3 seed 9"),
    ],
)
def test_the_link_of_a_cell(name, text):
    (cell,) = named([name])
    assert cell.impairment(9) == parse(text)
    assert cell.delay == parse(text.split(" seed")[0].split(" loss")[0])


@pytest.mark.parametrize("cell", full(), ids=lambda cell: cell.name)
def test_a_cell_is_its_name(cell):
    assert named([cell.name]) == [cell]
    assert [stream.name for stream in cell.streams] == ["audio", "video"][: len(cell.streams)]


def test_every_cell_runs_once_before_any_is_repeated():
    settings = Settings(tuple(quick()), 15, seed=7, repeat=3, kernel="6.1")
    tasks = list(settings.tasks())
    assert [task.cell for task in tasks] == quick() * 3
    assert [task.seed for task in tasks] == [7] * 6 + [8] * 6 + [9] * 6
    assert [task.repetition for task in tasks] == [1] * 6 + [2] * 6 + [3] * 6


@given(st.integers(0, 2**32 - 1), st.integers(0, 1), st.integers(0, 2**32 - 1), st.integers(0))
def test_a_packet_tells_what_it_is(call, stream, number, sent):
    packet = Packet(call, stream, number, sent % 2**64)
    data = packed(packet)
    assert len(data) == STREAMS[stream].size
    assert unpacked(data) == packet


@given(st.binary(max_size=64))
def test_what_is_no_packet_of_ours_is_none(data):
    assert unpacked(data) is None


def test_a_packet_of_another_length_is_none_of_ours():
    assert unpacked(packed(Packet(1, 0, 2, 3)) + b"\0") is None
    assert unpacked(packed(Packet(1, 0, 2, 3)).replace(b"\1\0", b"\1\5", 1)) is None


@pytest.mark.parametrize("streams", [1, 2])
def test_the_schedule_is_in_order_and_whole(streams):
    found = list(schedule(streams, 2))
    assert [due for due, _, _ in found] == sorted(due for due, _, _ in found)
    counts = Counter(stream for _, stream, _ in found)
    assert counts == {0: 100, 1: 250} if streams == 2 else counts == {0: 100}
    for due, stream, number in found:
        assert due == number * STREAMS[stream].interval < 2 * SECOND


def test_the_traffic_is_that_of_a_call():
    # 64 kbit/s of speech; 1.1 Mbit/s of video.
    assert AUDIO.per_second * AUDIO.size * 8 == 64_000
    assert VIDEO.per_second * VIDEO.size * 8 == 1_100_000

"""When a packet came, by two clocks."""

import time

from callgate.lab.quality.sink import both_clocks


def test_clocks_between_which_another_process_ran_are_read_again(monkeypatch):
    readings = iter([1_000_000, 4_000_000, 5_000_000, 5_010_000])
    walls = iter([70_000_000, 71_000_000])
    monkeypatch.setattr(time, "monotonic_ns", lambda: next(readings))
    monkeypatch.setattr(time, "time_ns", lambda: next(walls))
    assert both_clocks() == (5_000_000, 71_000_000)

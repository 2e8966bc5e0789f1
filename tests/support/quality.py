"""Measured runs that nobody measured: figures whose outcome is known."""

import os

from callgate.lab.quality.cells import named
from callgate.lab.quality.health import Health
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Settings

WELL = Health(missed=0, refused=0, link_late=0.0, sender_late=0.0, waited=0.01)


def settings(*names, seconds=5, seed=1, repeat=1):
    return Settings(tuple(named(names)), seconds, seed, repeat, os.uname().release)


def run(name, audio, video=None, *, repetition=1, seed=1, dropped=0, health=WELL):
    """A run in which each stream has these delays, over and over for five seconds."""
    (cell,) = named([name])
    given = (audio, video or audio)[: len(cell.streams)]
    delays = tuple(
        (tuple(each) * stream.count(5))[: stream.count(5)]
        for each, stream in zip(given, cell.streams, strict=True)
    )
    return Run(cell, repetition, seed, delays, (dropped,) * len(delays), (7, 3), health)

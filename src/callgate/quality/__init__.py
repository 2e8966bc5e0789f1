"""What became of a stream of packets, and what a listener would say of it (pure).

Theory of operation
-------------------
* A stream is :data:`Delays`: for each packet, in the order of sending, how long it took in
  milliseconds, or None if it never came. Everything is computed from that.
* :func:`describe` gives the raw numbers: percentiles (RFC 2330), loss with its interval
  (Wilson), jitter (RFC 3550) and the shape of the losses.
* :func:`play` puts the stream through a jitter buffer and tells which frames had to be
  concealed, and the delay that a listener gets for it.
* :func:`narrowband` (ITU-T G.107) and :func:`fullband` (G.107.2) turn delay and concealment
  into a rating R and a MOS. The parameters decide the result more than the network does,
  so a :class:`Rating` carries them, each with its source: print them beside the MOS.
"""

from callgate.quality.codecs import CODECS, Codec
from callgate.quality.g107 import narrowband
from callgate.quality.g107_2 import fullband
from callgate.quality.jitter import interarrival_jitter
from callgate.quality.medians import MedianInterval, median_interval
from callgate.quality.percentiles import percentile
from callgate.quality.playout import Buffer, Playout, play
from callgate.quality.proportions import Proportion
from callgate.quality.rating import Parameter, Rating, mos
from callgate.quality.runs import Runs, runs_of
from callgate.quality.stream import Delays, Stream, describe, late_or_lost

__all__ = [
    "CODECS",
    "Buffer",
    "Codec",
    "Delays",
    "MedianInterval",
    "Parameter",
    "Playout",
    "Proportion",
    "Rating",
    "Runs",
    "Stream",
    "describe",
    "fullband",
    "interarrival_jitter",
    "late_or_lost",
    "median_interval",
    "mos",
    "narrowband",
    "percentile",
    "play",
    "runs_of",
]

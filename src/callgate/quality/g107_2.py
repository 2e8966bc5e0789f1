"""The E-model for speech of the full band: ITU-T G.107.2, as implementations have it.

Its scale ends at 148 instead of 93.2, in the same unit as that of G.107. We have not read
the Recommendation itself: the form is that of rtpengine (``daemon/ssrc.c``), without echo
and noise, and the values for codecs are theirs who fitted them.
"""

from typing import Final

from callgate.quality.codecs import Codec, Scale
from callgate.quality.delays import pure_delay
from callgate.quality.rating import Parameter, Rating, measured, mos

#: The best rating there is, and the worst that the equipment can do.
BEST: Final = 148.0
WORST: Final = 132.0
#: How much longer the scale is than that of the MOS.
STRETCH: Final = 1.48
#: From this burst ratio on a codec's values for bursts hold; a boundary of ours.
BURSTY: Final = 1.5

MODEL: Final = "ITU-T G.107.2 (fullband), form as in rtpengine"
_MODEL_SOURCE: Final = "ITU-T G.107.2 as implemented by rtpengine"


def fullband(codec: Codec, delay: float, loss: float, burst_ratio: float = 1.0) -> Rating:
    """Rate a call: mouth-to-ear delay in ms, share of frames lost from 0 to 1, BurstR.

    ValueError for a codec whose values belong to another model.
    """
    if codec.scale is not Scale.FULLBAND:
        raise ValueError(f"{codec.name} has no values for the fullband model")
    bursty = codec.bpl_bursty is not None and burst_ratio >= BURSTY
    bpl = codec.bpl_bursty if codec.bpl_bursty is not None and bursty else codec.bpl
    lost = 100 * loss
    equipment = codec.ie + (WORST - codec.ie) * lost / (lost + bpl)
    r = BEST - STRETCH * pure_delay(delay) - equipment
    kind = "losses in bursts" if bursty else "losses one by one"
    return Rating(
        MODEL,
        r,
        mos(r / STRETCH),
        (
            *measured((("Ta", delay, " ms"), ("Ppl", lost, " %"), ("BurstR", burst_ratio, ""))),
            Parameter("Ie", codec.ie, "", f"{codec.name}: {codec.source}"),
            Parameter("Bpl", bpl, "", f"{codec.name}, {kind}: {codec.source}"),
            Parameter("Ro", BEST, "", _MODEL_SOURCE),
        ),
    )

"""The E-model for telephone speech: ITU-T G.107, with its default values but for what is given.

Names are those of the Recommendation, numbers in brackets its equations.
"""

import math
from typing import Final

from callgate.quality.codecs import Codec, Scale
from callgate.quality.delays import pure_delay
from callgate.quality.rating import Parameter, Rating, measured, mos

# Table 2 of the Recommendation.
SLR: Final = 8.0  # send loudness rating, dB
RLR: Final = 2.0  # receive loudness rating, dB
STMR: Final = 15.0  # sidetone masking rating, dB
DS: Final = 3.0  # D value of the telephone, send side
TELR: Final = 65.0  # talker echo loudness rating, dB
WEPL: Final = 110.0  # weighted echo path loss, dB
QDU: Final = 1.0  # quantization distortion units
NC: Final = -70.0  # circuit noise referred to the 0 dBr point, dBm0p
NFOR: Final = -64.0  # noise floor at the receive side, dBmp
PS: Final = 35.0  # room noise at the send side, dB(A)
PR: Final = 35.0  # room noise at the receive side, dB(A)
LSTR: Final = STMR + 3.0  # listener sidetone rating, dB: STMR + Dr
#: The worst that the equipment can do (7-29).
WORST: Final = 95.0

MODEL: Final = "ITU-T G.107 (narrowband)"
_MODEL_SOURCE: Final = "ITU-T G.107"


def narrowband(
    codec: Codec, delay: float, loss: float, burst_ratio: float = 1.0, advantage: float = 0.0
) -> Rating:
    """Rate a call: mouth-to-ear delay in ms, share of frames lost from 0 to 1, BurstR.

    ValueError for a codec whose values belong to another model.
    """
    if codec.scale is not Scale.NARROWBAND:
        raise ValueError(f"{codec.name} has no values for the narrowband model")
    lost = 100 * loss
    equipment = codec.ie + (WORST - codec.ie) * lost / (lost / burst_ratio + codec.bpl)  # (7-29)
    basic = signal_to_noise() - simultaneous(delay)
    r = basic - delayed(delay) - equipment + advantage  # (7-1)
    return Rating(
        MODEL,
        r,
        mos(r),
        (
            *measured((("T", delay, " ms"), ("Ppl", lost, " %"), ("BurstR", burst_ratio, ""))),
            Parameter("Ie", codec.ie, "", f"{codec.name}: {codec.source}"),
            Parameter("Bpl", codec.bpl, "", f"{codec.name}: {codec.source}"),
            Parameter("Ro - Is", round(basic, 1), "", f"{_MODEL_SOURCE}, default values"),
            Parameter("TELR", TELR, " dB", f"{_MODEL_SOURCE}, default value"),
            Parameter("A", advantage, "", f"{_MODEL_SOURCE}, default value"),
        ),
    )


def noise() -> float:
    """No, the sum of all noise (7-3 to 7-7), in dBm0p."""
    olr = SLR + RLR
    nos = PS - SLR - DS - 100 + 0.004 * (PS - olr - DS - 14) ** 2
    pre = PR + _decibel(1 + _ratio(10 - LSTR))
    nor = RLR - 121 + pre + 0.008 * (pre - 35) ** 2
    return _decibel(sum(_ratio(each) for each in (NC, nos, nor, NFOR + RLR)))


def signal_to_noise() -> float:
    """Ro, the basic signal-to-noise ratio (7-2)."""
    return 15 - 1.5 * (SLR + noise())


def simultaneous(t: float) -> float:
    """Is, what happens at the same time as the speech (7-8): loudness, sidetone, quantizing."""
    xolr = SLR + RLR + 0.2 * (64 + noise() - RLR)
    iolr: float = 20 * ((1 + (xolr / 8) ** 8) ** (1 / 8) - xolr / 8)
    stmro = -_decibel(_ratio(-STMR) + math.exp(-t / 4) * _ratio(-TELR))
    ist: float = (
        12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8)
        - 28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35)
        - 13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13)
        + 29
    )
    q = 37 - 15 * math.log10(QDU)
    g = 1.07 + 0.258 * q + 0.0602 * q * q
    y = (signal_to_noise() - 100) / 15 + 46 / 8.4 - g / 9
    z = 46 / 30 - g / 40
    iq: float = 15 * math.log10(1 + 10**y + 10**z)
    return iolr + ist + iq


def delayed(t: float) -> float:
    """Id (7-18), with Ta = T and Tr = 2 T: talker echo, listener echo, delay itself.

    For a sidetone of 9 to 20 dB, which the default is.
    """
    ro, roe = signal_to_noise(), -1.5 * (noise() - RLR)
    terv = TELR - 40 * math.log10((1 + t / 10) / (1 + t / 150)) + 6 * math.exp(-0.3 * t * t)
    echo = (roe - (80 + 2.5 * (terv - 14))) / 2
    idte = (echo + math.sqrt(echo**2 + 100) - 1) * (1 - math.exp(-t)) if t >= 1 else 0.0
    rle: float = 10.5 * (WEPL + 7) * (2 * t + 1) ** -0.25
    idle = (ro - rle) / 2 + math.sqrt((ro - rle) ** 2 / 4 + 169)
    return idte + idle + pure_delay(t)


def _ratio(decibel: float) -> float:
    return float(10 ** (decibel / 10))


def _decibel(ratio: float) -> float:
    return 10 * math.log10(ratio)

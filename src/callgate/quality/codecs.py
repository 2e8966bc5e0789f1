"""How sensitive codecs are, as the E-models need it, with source and standing of each value.

Ie is the impairment by coding alone and Bpl the robustness against loss: the percentage of
lost frames at which half of the rest of the scale is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Scale(Enum):
    """The model that a codec's values are made for: they mean nothing in the other one."""

    NARROWBAND = "narrowband"
    FULLBAND = "fullband"


@dataclass(frozen=True, slots=True)
class Codec:
    """One codec at one bit rate.

    ``bpl_bursty`` holds for losses in bursts where it was found separately; None where the
    model's own burst ratio does that.
    """

    name: str
    scale: Scale
    ie: float
    bpl: float
    bpl_bursty: float | None
    source: str
    standing: str


_G113 = "ITU-T G.113 appendix I"
_ALAHMADI = "Alahmadi et al., ACM TOMM 2021, doi:10.1145/3458751"
_QUOTED = "an ITU-T value, taken from works that quote it"
_FITTED = "a fit to listening predictions for Opus; ITU-T publishes no value for Opus"

#: By the name that users give.
CODECS: Final[Mapping[str, Codec]] = MappingProxyType(
    {
        codec.name: codec
        for codec in (
            Codec("g711", Scale.NARROWBAND, 0, 4.3, None, _G113, f"{_QUOTED}; no concealment"),
            Codec("g711-plc", Scale.NARROWBAND, 0, 25.1, None, _G113, f"{_QUOTED}; concealed"),
            Codec("opus-25k", Scale.FULLBAND, 20.2, 11.3, 9.2, _ALAHMADI, _FITTED),
            Codec("opus-40k", Scale.FULLBAND, 10.7, 9.8, 8.0, _ALAHMADI, _FITTED),
            Codec("evs-24k4", Scale.FULLBAND, 7.2, 11.4, None, "ITU-T G.113 (09/2024)", _QUOTED),
        )
    }
)

"""The impairment by pure delay, which all E-models share (ITU-T G.107 section 7.4)."""

import math

#: The delay up to which a conversation does not suffer, in ms (mT of class Default).
NO_HARM = 100.0


def pure_delay(ta: float) -> float:
    """Idd for the absolute one-way delay Ta in ms, without any echo."""
    if ta <= NO_HARM:
        return 0.0
    x = math.log2(ta / NO_HARM)
    idd: float = 25 * ((1 + x**6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2)
    return idd

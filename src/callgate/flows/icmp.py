"""Names of ICMP types (IANA, ICMP Parameters and ICMPv6 Parameters)."""

from typing import Final

from callgate.flows.axes import Protocol
from callgate.flows.intervals import IntervalSet

#: How many points of the destination port axis one type has: its codes.
CODES: Final = 256
TYPE_NAMES: Final[dict[Protocol, dict[int, str]]] = {
    Protocol.ICMP: {
        0: "echo reply",
        3: "destination unreachable",
        5: "redirect",
        8: "echo request",
        9: "router advertisement",
        10: "router solicitation",
        11: "time exceeded",
        12: "parameter problem",
        13: "timestamp",
        14: "timestamp reply",
    },
    Protocol.ICMPV6: {
        1: "destination unreachable",
        2: "packet too big",
        3: "time exceeded",
        4: "parameter problem",
        128: "echo request",
        129: "echo reply",
        130: "multicast listener query",
        131: "multicast listener report",
        132: "multicast listener done",
        133: "router solicitation",
        134: "router advertisement",
        135: "neighbor solicitation",
        136: "neighbor advertisement",
        137: "redirect",
        143: "multicast listener report v2",
    },
}


def type_name(protocol: Protocol, number: int) -> str:
    """The name of an ICMP type, or ``type N`` where we know none."""
    return TYPE_NAMES[protocol].get(number, f"type {number}")


def type_names(protocol: Protocol, kinds: IntervalSet) -> list[str]:
    """Names of the types and codes on the destination port axis, in order of their numbers."""
    found: list[str] = []
    for low, high in kinds:
        for number in range(low // CODES, high // CODES + 1):
            first = max(low - number * CODES, 0)
            last = min(high - number * CODES, CODES - 1)
            name = type_name(protocol, number)
            if (first, last) == (0, CODES - 1):
                found.append(name)
            else:
                codes = str(first) if first == last else f"{first}–{last}"
                found.append(f"{name} (code {codes})")
    return found

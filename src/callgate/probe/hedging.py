"""When things are sent, and how long an answer is awaited; all in seconds.

Measured at 10 % random loss each way: 7 UDP tries miss 9 times in a million, and the whole
chain of a TCP path begun three times never missed in 6,000 runs. One try each would call one
network in five broken.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Hedge:
    """``starts`` are counted from the first; ``deadline`` is when silence is believed."""

    starts: tuple[float, ...]
    deadline: float


#: Requests over UDP from one socket, each with a transaction id of its own.
DATAGRAMS: Final = Hedge((0.0, 0.1, 0.25, 0.5, 0.9, 1.5, 2.2), 3.0)
#: Connections to one address; the kernel repeats a lost SYN only after a second.
CONNECTIONS: Final = Hedge((0.0, 0.3, 0.8, 1.5), 4.0)
#: The whole way of a TCP path: connect, CONNECT, TLS, request.
CHAINS: Final = Hedge((0.0, 1.2, 2.4), 5.0)
#: Questions to each resolver. A path that waits longer for its address cannot end in time.
LOOKUPS: Final = Hedge((0.0, 0.15, 0.4, 0.8, 1.3), 2.5)
#: After this a lookup counts as slow.
SLOW_LOOKUP: Final = 0.9
#: After this a proxy's answer to CONNECT counts as slow: a SYN of its own that is lost costs it one
#: second, and that is bad luck.
SLOW_PROXY: Final = 1.3
#: When a first SYN was not answered, so many are sent at once, and those that are answered in
#: this time are counted, in seconds. At 10 % loss each way two or fewer come back once in 20,000.
BURST: Final = 10
BURST_FEW: Final = 2
BURST_WITHIN: Final = 0.8
#: Everything has ended by then.
RUN_DEADLINE: Final = 5.3
#: The third chain tells the other side to send small segments only: what then works did not
#: work with large ones (TCP_MAXSEG, in bytes).
SMALL_SEGMENTS: Final = 500

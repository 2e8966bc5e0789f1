"""Why a verdict is what it is: a packet, the line that decides it, and the way there."""

from dataclasses import dataclass
from enum import Enum

from callgate.flows import Packet
from callgate.places import Place


@dataclass(frozen=True, order=True, slots=True)
class Line:
    """A line of a configuration, as the user wrote it."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that a packet meets on its way; ``effect`` says what it does there."""

    chain: str
    line: Line
    effect: str


@dataclass(frozen=True, order=True, slots=True)
class Assumption:
    """A condition that Callgate does not model, and what it was taken to be."""

    text: str
    holds: bool

    def __str__(self) -> str:
        return self.text if self.holds else f"not ({self.text})"


@dataclass(frozen=True, slots=True)
class Witness:
    """One packet that can be sent, and the circumstances under which it was judged.

    ``state`` is the connection state (``new``, ``established``, …); an interface is empty
    where nothing looks at it. ``assumptions`` are the conditions that the walk met.
    """

    packet: Packet
    state: str = "new"
    in_interface: str = ""
    out_interface: str = ""
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """One request to a proxy that can be made: ``CONNECT app.goto.com:443``.

    ``assumptions`` are the conditions that the walk met.
    """

    method: str
    target: str
    assumptions: tuple[Assumption, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What backs a verdict: ``line`` decides ``witness``, ``walk`` ends there.

    ``conditions`` are those that the answer hangs on, by their text, in order. A proxy
    decides a request (``asking``) and no packet.
    """

    witness: Witness | None = None
    line: Line | None = None
    walk: tuple[Step, ...] = ()
    conditions: tuple[str, ...] = ()
    asking: Asking | None = None


class Severity(Enum):
    """How much a finding matters, in the words of SARIF."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about a configuration; ``kind`` is a stable id (``shadowed``)."""

    kind: str
    severity: Severity
    message: str
    line: Line | None = None
    evidence: Evidence = Evidence()
    related: tuple[Line, ...] = ()

"""Everything that one run is told with (pure data)."""

from dataclasses import dataclass

from callgate.flows import Family
from callgate.probe.diagnosis import Diagnosis
from callgate.probe.events import Event
from callgate.probe.findings import PathResult
from callgate.probe.media import Direction, Quality
from callgate.probe.targets import Plan
from callgate.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Account:
    """``proxy`` says which proxy was used and where that was found; ``limits`` what this
    machine cannot tell. ``seconds`` is how long the run took.
    """  # noqa: D205 - one sentence

    profile: str
    document: str
    plan: Plan
    families: tuple[Family, ...]
    proxy: str
    results: tuple[PathResult, ...]
    diagnosis: Diagnosis
    verdicts: dict[str, Verdict]
    log: tuple[Event, ...]
    seconds: float
    limits: tuple[str, ...] = ()
    qualities: tuple[Quality, ...] = ()
    directions: tuple[Direction, ...] = ()

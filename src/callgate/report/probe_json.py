"""What ``callgate probe`` found as plain data; ``probe.schema.json`` describes it."""

from dataclasses import asdict
from enum import Enum
from typing import Any

from callgate.probe.account import Account
from callgate.probe.diagnosis import Change
from callgate.probe.events import Event
from callgate.probe.findings import Finding, PathResult
from callgate.probe.media import Quality
from callgate.quality import Proportion

#: Version of the JSON form; it grows by new keys only.
SCHEMA = "callgate.probe/1"


def account_json(account: Account) -> dict[str, Any]:
    """One run; keys as in the schema."""
    told = account.diagnosis
    return {
        "schema": SCHEMA,
        "profile": account.profile,
        "families": [int(each) for each in account.families],
        "proxy": account.proxy,
        "seconds": round(account.seconds, 3),
        "paths": [_path(each) for each in account.results],
        "scenarios": {name: str(verdict) for name, verdict in account.verdicts.items()},
        "diagnosis": {
            "now": told.now,
            "best": told.best,
            "sentences": list(told.sentences),
            "change": None if told.change is None else _change(told.change),
        },
        "quality": [_quality(each) for each in account.qualities],
        "directions": [
            {"direction": each.direction} | _proportion(each.lost) for each in account.directions
        ],
        "limits": list(account.limits),
        "log": [_event(each) for each in account.log],
    }


def _path(result: PathResult) -> dict[str, Any]:
    return {
        "path": result.path,
        "outcome": str(result.outcome),
        "verdict": str(result.outcome.verdict),
        "cause": str(result.cause) if result.cause else None,
        "summary": result.summary,
        "remedy": result.remedy or None,
        "findings": [_finding(each) for each in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    probe = finding.probe
    return {
        "server": str(probe.server),
        "way": str(probe.way),
        "family": int(finding.family) if finding.family else None,
        "proxy": str(probe.proxy) if probe.proxy else None,
        "outcome": str(finding.outcome),
        "cause": str(finding.cause) if finding.cause else None,
        "summary": finding.summary,
        "offender": finding.offender or None,
        "round_trip_ms": _ms(finding.seconds),
        "evidence": list(finding.evidence),
        "notes": list(finding.notes),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "words": change.words,
        "dialect": change.dialect or None,
        "lines": list(change.lines),
        "hint": change.hint or None,
    }


def _quality(quality: Quality) -> dict[str, Any]:
    stream = quality.stream
    return {
        "path": quality.path,
        "how": quality.how,
        "per_second": quality.per_second,
        "p50_ms": stream and round(stream.p50, 3),
        "p95_ms": stream and round(stream.p95, 3),
        "p99_ms": stream and round(stream.p99, 3),
        "jitter_ms": stream and round(stream.jitter, 3),
        "mouth_to_ear_ms": quality.ear and round(quality.ear, 1),
        "ratings": [
            {
                "model": rating.model,
                "r": round(rating.r, 2),
                "mos": round(rating.mos, 2),
                "parameters": [str(each) for each in rating.parameters],
            }
            for rating in quality.ratings
        ],
    } | _proportion(quality.lost)


def _proportion(lost: Proportion) -> dict[str, Any]:
    low, high = lost.interval()
    return {
        "sent": lost.total,
        "lost": lost.count,
        "lost_low": round(low, 5),
        "lost_high": round(high, 5),
    }


def _event(event: Event) -> dict[str, Any]:
    """A line of the log; the keys of ``fact`` depend on its kind."""
    return {
        "at_ms": _ms(event.at),
        "probe": event.probe,
        "attempt": event.attempt,
        "kind": type(event.fact).__name__.lower(),
        "fact": {key: _plain(value) for key, value in asdict(event.fact).items()},
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return round(value, 6) if isinstance(value, float) else value


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)

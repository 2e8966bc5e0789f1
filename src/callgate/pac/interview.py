"""Ask a PAC file where URLs go, and which statement says so.

The file runs as it is; then again with probes, if the parser understands it. A decision is
told only where both runs answer the same, so a probe that changes a file's mind misleads
nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callgate.dialects.pac.comments import plain
from callgate.pac.decisions import Decision, decision
from callgate.pac.directives import DIRECT, Directives, Way, read
from callgate.pac.probes import Probed, probed
from callgate.pac.sandbox import Answer, Client, run
from callgate.pac.syntax import Script
from callgate.places import Place
from callgate.verdicts import Line

#: Frames of the engine's stack that are the file's: not the library's, not the harness's.
_FRAME: Final = re.compile(r"at (?:(\S+) \()?<input>:(\d+):(\d+)\)?")
_OURS: Final = frozenset(
    {
        "dnsDomainIs", "dnsDomainLevels", "localHostOrDomainIs", "shExpMatch", "isInNet",
        "convert_addr", "isValidIpAddress", "isResolvable", "isResolvableEx", "weekdayRange",
        "dateRange", "timeRange", "within", "wallClock", "dnsResolve", "dnsResolveEx", "isInNetEx",
        "myIpAddress", "myIpAddressEx", "isPlainHostName", "sortIpAddressList", "alert", "entry",
        "addresses", "callgateAsk", "random", "StillDate", "own", "log", "lacks",
    }
)  # fmt: skip
_LIMITS: Final = {
    "time": "it did not end within the time limit",
    "memory": "it used more memory than the limit",
    "stack": "it called itself too deeply",
    "killed": "it had to be killed: an operation that never ends",
    "not asked": "not asked, because the file hung before",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says to one URL.

    ``ways`` is what the client then does: DIRECT after every kind of failure, which
    ``failure`` names with its ``place``. ``missing`` are the things that the answer hangs on.
    """

    url: str
    host: str
    answer: Answer
    ways: Directives
    failure: str
    place: Place | None
    decision: Decision | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """All answers; ``failure`` is why the file could not be loaded, if it could not."""

    told: tuple[Told, ...]
    failure: str
    place: Place | None
    limited: bool = False


def interview(
    script: Script,
    questions: Sequence[tuple[str, str]],
    client: Client,
) -> Interview:
    """Put ``(url, host)`` questions to a file."""
    plain_run = run(script.text, questions, client)
    loaded = plain_run.loaded
    if loaded.kind != "function":
        return Interview((), *_why_not_loaded(loaded, script), limited=loaded.limited)
    watched = probed(script)
    decisions: tuple[Decision | None, ...] = (None,) * len(questions)
    if watched is not None and not any(each.limited for each in plain_run.answers):
        decisions = _decisions(watched, questions, client, plain_run.answers)
    told = (
        _told(question, answer, found, client, script)
        for question, answer, found in zip(questions, plain_run.answers, decisions, strict=True)
    )
    return Interview(tuple(told), "", None)


def _decisions(
    watched: Probed,
    questions: Sequence[tuple[str, str]],
    client: Client,
    answers: tuple[Answer, ...],
) -> tuple[Decision | None, ...]:
    again = run(watched.text, questions, client, probe=watched.name)
    if again.loaded.kind != "function":
        return (None,) * len(questions)
    return tuple(
        decision(traced.trace, watched.probes, complete=not traced.full)
        if (traced.kind, traced.value) == (answer.kind, answer.value)
        else None
        for traced, answer in zip(again.answers, answers, strict=True)
    )


def _told(
    question: tuple[str, str],
    answer: Answer,
    found: Decision | None,
    client: Client,
    script: Script,
) -> Told:
    failure, place = _failure(answer, script, found)
    ways = Directives((Way(DIRECT),)) if failure else read(answer.value, client.reader)
    missing = list(answer.missing)
    if answer.clock and not client.world.clock_given:
        missing.append("the time")
    return Told(*question, answer, ways, failure, place, found, tuple(missing))


def _failure(answer: Answer, script: Script, found: Decision | None) -> tuple[str, Place | None]:
    if answer.kind == "string":
        return "", None
    if answer.limited:
        return _LIMITS[answer.kind], place_in(answer.error, script)
    if answer.kind == "exception":
        return f"it fails: {headline(answer.error)}", place_in(answer.error, script)
    if answer.kind == "undefined":
        return "it returns nothing", None if found is None else found.place
    shown = f" {answer.value}" if answer.value else ""
    return f"it returns no string but {answer.kind}{shown}", None if found is None else found.place


def _why_not_loaded(loaded: Answer, script: Script) -> tuple[str, Place | None]:
    if loaded.limited:
        return f"loading the file: {_LIMITS[loaded.kind]}", place_in(loaded.error, script)
    if loaded.error:
        return f"the file does not load: {headline(loaded.error)}", place_in(loaded.error, script)
    return "the file has no function FindProxyForURL", None


def headline(error: str) -> str:
    """The first line of an engine's error, fit to print."""
    first = (error.splitlines() or [""])[0]
    return plain(first)[:200]


def place_in(error: str, script: Script) -> Place | None:
    """The innermost frame that is the file's own."""
    for frame in _FRAME.finditer(error):
        if (frame[1] or "") not in _OURS and int(frame[2]) <= script.line_count:
            return Place(script.source, int(frame[2]), int(frame[3]))
    return None


def line_at(script: Script, place: Place | None) -> Line | None:
    """The line of a file that a place is in."""
    return None if place is None else Line(place, script.line(place.line))

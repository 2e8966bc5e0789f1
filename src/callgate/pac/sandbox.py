"""Run a PAC file in a child process and put questions to it.

The child gets one job and answers a line for each question; when it is killed, the answers
so far count, and the question that it was at is the one that hung. Nothing of this
process's environment, folder or open files is passed on.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources, util
from pathlib import Path
from typing import Any, Final

from callgate.errors import CallgateError, ToolError, installing
from callgate.pac.readers import Reader


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may use up: CPU seconds for a question and in all, bytes, wall seconds.

    After ``hangs`` questions that ran out of time no more are asked.
    """

    seconds: float = 1.0
    total: float = 20.0
    memory: int = 64 << 20
    stack: int = 512 << 10
    wall: float = 120.0
    hangs: int = 3


@dataclass(frozen=True, slots=True)
class World:
    """What a file may learn: DNS answers by name, the client's addresses, the time."""

    dns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    clock_given: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """Who reads the file, what it may learn, and what it may use up."""

    reader: Reader
    world: World = field(default_factory=World)
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question.

    ``kind`` is the type of what the file returned (``string``, ``null``, ``number`` …), or
    ``exception``, or the limit that it ran into: ``time``, ``memory``, ``stack``,
    ``killed``; or ``not asked``, after one of those. ``missing`` are look-ups without an
    answer; ``trace`` the probes that were passed and, in quotes, library calls.
    """

    kind: str
    value: str = ""
    error: str = ""
    missing: tuple[str, ...] = ()
    trace: tuple[int | str, ...] = ()
    alerts: tuple[str, ...] = ()
    clock: bool = False
    full: bool = False

    @property
    def limited(self) -> bool:
        """Whether a limit ended it."""
        return self.kind in LIMITED


@dataclass(frozen=True, slots=True)
class Run:
    """How loading went (``kind`` is ``function`` when the file can be asked), and the answers."""

    loaded: Answer
    answers: tuple[Answer, ...]


_PASSED: Final = ("seconds", "total", "memory", "stack", "hangs")
LIMITED: Final = frozenset({"time", "memory", "stack", "killed", "not asked"})
#: Characters of one answer, and of one trace, that are kept.
_LONGEST: Final = 100_000


def run(
    script: str,
    questions: Sequence[tuple[str, str]],
    client: Client,
    *,
    probe: str = "",
) -> Run:
    """Load ``script`` and ask each ``(url, host)``; ToolError when there is no engine.

    ``probe`` is the name of the function that probes in the script call, if it has any.
    """
    reader, world, limits = client.reader, client.world, client.limits
    job = {
        "harness": _harness(),
        "library": _text("library.js"),
        "script": script,
        "questions": [list(each) for each in questions],
        "limits": {name: getattr(limits, name) for name in _PASSED},
        "settings": {
            "dns": {name: list(found) for name, found in world.dns.items()},
            "mine": list(world.addresses),
            "now": int(world.now.timestamp() * 1000),
            "ex": reader.extended,
            "prefersEx": reader.prefers_extended,
            "tracing": probe,
            "longest": _LONGEST,
        },
    }
    lines, died = _child(json.dumps(job), _zone(world.now), limits.wall)
    answers = [_answer(json.loads(line)) for line in lines]
    if not answers:
        return Run(Answer("killed", error="loading it did not end"), ())
    loaded, found = answers[0], answers[1:]
    if loaded.kind == "function":
        found += _cut_off(len(questions) - len(found), died=died)
    return Run(loaded, tuple(found))


def _cut_off(rest: int, *, died: bool) -> list[Answer]:
    """What stands for the questions without an answer: the first one may have been the end."""
    if died and rest:
        end = Answer("killed", error="it had to be killed")
        return [end, *[Answer("not asked")] * (rest - 1)]
    return [Answer("not asked")] * rest


def require_engine() -> None:
    """ToolError with what to install when the packages of this room are missing."""
    missing = [name for name in ("quickjs", "tree_sitter", "tree_sitter_javascript")
               if util.find_spec(name) is None]  # fmt: skip
    if missing:
        raise ToolError(
            "to read PAC files, packages are needed that are not installed",
            hint=installing("pac"),
        )


def _child(job: str, zone: str, wall: float) -> tuple[list[str], bool]:
    """The lines that the child wrote, and whether it was killed."""
    require_engine()
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "TZ": zone}
    if "SYSTEMROOT" in os.environ:  # Windows starts nothing without it
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "callgate.pac.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=Path(os.sep),
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    try:
        said, trouble = process.communicate(job, timeout=wall)
    except subprocess.TimeoutExpired:
        process.kill()
        said, trouble = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode > 0:
        last = trouble.strip().splitlines() or ["it said nothing"]
        raise CallgateError(f"the sandbox failed: {last[-1]}")
    # A line that was cut off by the kill is no answer.
    return said.splitlines()[: said.count("\n")], process.returncode < 0


def _zone(now: datetime) -> str:
    """A POSIX time zone with the offset of this time (its sign is the other way round)."""
    offset = now.utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds()) // 60
    sign = "-" if minutes >= 0 else "+"
    return f"<callgate>{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _answer(found: dict[str, Any]) -> Answer:
    return Answer(
        found["kind"],
        found["value"],
        found["error"],
        tuple(found["missing"]),
        tuple(found["trace"]),
        tuple(found["alerts"]),
        found["clock"],
        found["full"],
    )


def _harness() -> str:
    """A function of the settings that sets the world up and returns how to ask."""
    harness, addresses = _text("harness.js"), _text("addresses.js")
    return f"(function (settings) {{ return ({harness})(settings, {addresses}); }})"


def _text(name: str) -> str:
    return resources.files("callgate.pac.js").joinpath(name).read_text(encoding="utf-8")

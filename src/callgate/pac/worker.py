"""The child that runs a PAC file: a job by standard input, an answer a line.

This program has no environment but a time zone and the way to its packages, may open no
more than a few files and write none, and is killed when it uses more than its share. The
engine's own limits end a bad file with an error that names a place; those of the operating
system end what gets past the engine.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import quickjs

try:
    import resource
except ImportError:  # not on every system; the parent's wall clock still ends it
    resource = None  # type: ignore[assignment]

#: What the operating system allows beyond the engine's own limits: seconds, bytes, files.
_SLACK_SECONDS: Final = 1
_SLACK_BYTES: Final = 512 << 20
_FILES: Final = 16

#: The harness: takes what to do, and for a question URL and host; answers in JSON.
Ask = Callable[..., str]


def serve(job: dict[str, Any]) -> None:
    """Load the file, put every question, and say what comes of each."""
    limits = job["limits"]
    _confine(limits)
    engine = quickjs.Context()
    engine.set_memory_limit(limits["memory"])
    engine.set_max_stack_size(limits["stack"])
    ask = engine.eval(job["harness"])(json.dumps(job["settings"]))
    engine.eval(job["library"])
    engine.set_time_limit(limits["seconds"])
    if job["settings"]["tracing"]:
        ask("watch")
    watchdog = Watchdog(limits)
    watchdog.start()
    loaded = _attempt(lambda: _load(engine, job["script"]))
    if not loaded["error"]:
        loaded = _attempt(lambda: ask("defined"))
    _say(loaded | json.loads(_state(ask)))
    if loaded["error"] or loaded["kind"] != "function":
        return
    hung = 0
    for url, host in job["questions"]:
        if hung == limits["hangs"]:
            return
        watchdog.start()
        answer = _attempt(partial(ask, "ask", url, host))
        hung += answer["kind"] == "time"
        _say(answer | json.loads(_state(ask)))


def _load(engine: quickjs.Context, script: str) -> str:
    engine.eval(script)
    return '{"kind":"loaded","value":"","error":""}'


def _state(ask: Ask) -> str:
    """What the file asked for meanwhile; nothing when even that fails."""
    try:
        return str(ask("state"))
    except (quickjs.JSException, quickjs.StackOverflow):
        return '{"missing":[],"trace":[],"alerts":[],"clock":false,"full":true}'


def _attempt(call: Callable[[], str]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(call())
        if found["error"]:
            found["kind"] = _kind(found["error"])
    except quickjs.StackOverflow as error:
        return _failed("stack", str(error))
    except quickjs.JSException as error:
        return _failed(_kind(str(error)), str(error))
    except (MemoryError, RecursionError):
        return _failed("memory", "out of memory")
    return found


def _failed(kind: str, error: str) -> dict[str, Any]:
    """Message and the innermost frames; a deep stack says nothing more."""
    return {"kind": kind, "value": "", "error": "\n".join(error.splitlines()[:12])[:2000]}


def _kind(message: str) -> str:
    if message.startswith("InternalError: interrupted"):
        return "time"
    if message.startswith(("InternalError: out of memory", "null")):
        return "memory"
    if "Maximum call stack size" in message or message.startswith("SyntaxError: stack overflow"):
        return "stack"
    return "exception"


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


class Watchdog:
    """Bounds what the engine does not: an operation of its own that never looks at the clock.

    The soft limit on CPU time ends the process (SIGXCPU); it is moved for each question.
    """

    def __init__(self, limits: dict[str, Any]) -> None:
        self._each = int(limits["seconds"]) + _SLACK_SECONDS
        self._all = int(limits["total"]) + _SLACK_SECONDS

    def start(self) -> None:
        """Give the next question its share."""
        if resource is None:
            return
        used = int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (min(used + self._each, self._all), self._all))


def _confine(limits: dict[str, Any]) -> None:
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_DATA, int(limits["memory"]) + _SLACK_BYTES),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    serve(json.load(sys.stdin))

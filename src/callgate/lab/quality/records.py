"""The file of a measurement that can be resumed: one JSON object a line (pure).

The first line holds the settings, each further one a run. A run is appended when it is
done, so a killed measurement loses what it was doing and nothing else. Only the last line
can be cut short by that; anything else that does not fit is an error.
"""

import json
from dataclasses import asdict
from typing import Any, Final

from callgate.errors import InputError, Mistake, UsageError
from callgate.lab.quality.health import Health
from callgate.lab.quality.runs import Run
from callgate.lab.quality.settings import Settings, Task
from callgate.places import Place

SCHEMA: Final = "callgate.quality-run/1"


def head(settings: Settings) -> str:
    """The first line."""
    return _line({"schema": SCHEMA, "settings": settings.as_json()})


def record(run: Run) -> str:
    """The line of a run."""
    return _line(
        {
            "cell": run.cell.name,
            "repetition": run.repetition,
            "seed": run.seed,
            "delays": run.delays,
            "dropped": run.dropped,
            "lost": run.lost,
            "health": asdict(run.health),
        }
    )


def read(text: str, source: str, settings: Settings) -> tuple[list[Run], int]:
    """The runs in a file, and the length of its whole lines in characters.

    UsageError when the file was begun with other settings; InputError when it is no such
    file or is damaged before its last line.
    """
    whole = text[: text.rfind("\n") + 1]
    lines = whole.splitlines()
    if not lines:
        if not head(settings).startswith(text):
            raise _damaged(source, 1, f"this is no file of {SCHEMA}")
        return [], 0
    _compare(_object(lines[0], source, 1), source, settings)
    tasks = {(task.cell.name, task.repetition): task for task in settings.tasks()}
    found = [_object(line, source, number) for number, line in enumerate(lines[1:], 2)]
    runs = []
    for number, each in enumerate(found, 2):
        try:
            runs.append(_run(each, tasks, settings.seconds))
        except (KeyError, TypeError, IndexError, ValueError):
            raise _damaged(source, number, "this line is no run of these settings") from None
    return runs, len(whole)


def _compare(first: dict[str, Any], source: str, settings: Settings) -> None:
    if first.get("schema") != SCHEMA:
        raise _damaged(source, 1, f"this is no file of {SCHEMA}")
    theirs, ours = first.get("settings"), settings.as_json()
    if theirs == ours:
        return
    names = [
        name for name in ours if not isinstance(theirs, dict) or theirs.get(name) != ours[name]
    ]
    raise UsageError(
        f"{source} was begun with other settings: {', '.join(names) or 'more of them'} differ",
        hint="repeat the options of that run, or name another file",
    )


def _run(found: dict[str, Any], tasks: dict[tuple[str, int], Task], seconds: int) -> Run:
    """A run; one of several errors when a value is not what :func:`record` writes."""
    task = tasks[found["cell"], found["repetition"]]
    delays = tuple(tuple(map(_delay, each)) for each in found["delays"])
    if [len(each) for each in delays] != [each.count(seconds) for each in task.cell.streams]:
        raise ValueError("packets are missing")
    if _count(found["seed"]) != task.seed:
        raise ValueError("another seed")
    dropped = tuple(map(_count, found["dropped"]))
    there, back = map(_count, found["lost"])
    if len(dropped) != len(delays):
        raise ValueError("a stream is missing")
    return Run(*task, delays, dropped, (there, back), _health(**found["health"]))


def _health(
    *, missed: object, refused: object, link_late: object, sender_late: object, waited: object
) -> Health:
    return Health(
        _count(missed),
        _count(refused),
        _number(link_late),
        _number(sender_late),
        None if waited is None else _number(waited),
    )


def _delay(value: object) -> float | None:
    return None if value is None else _number(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("no count")
    return value


def _object(line: str, source: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _damaged(source, number, "this line is no JSON object")
    return found


def _damaged(source: str, number: int, message: str) -> InputError:
    return InputError([Mistake(Place(source, number), message, "is this the right file?")])


def _line(found: dict[str, Any]) -> str:
    return json.dumps(found, separators=(",", ":")) + "\n"

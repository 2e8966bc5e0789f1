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
from callgate.lab.quality.settings import Settings
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
    cells = {cell.name: cell for cell in settings.cells}
    return [
        _run(_object(line, source, number), cells, source, number)
        for number, line in enumerate(lines[1:], 2)
    ], len(whole)


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


def _run(found: dict[str, Any], cells: dict[str, Any], source: str, number: int) -> Run:
    try:
        return Run(
            cell=cells[found["cell"]],
            repetition=found["repetition"],
            seed=found["seed"],
            delays=tuple(tuple(each) for each in found["delays"]),
            dropped=tuple(found["dropped"]),
            lost=(found["lost"][0], found["lost"][1]),
            health=Health(**found["health"]),
        )
    except (KeyError, TypeError, IndexError):
        raise _damaged(source, number, "this line is no run of these settings") from None


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

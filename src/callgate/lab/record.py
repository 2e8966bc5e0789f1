"""What a run of the lab found, as plain data; ``lab.schema.json`` describes it (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from callgate.lab.call import Call

#: Version of the JSON form.
SCHEMA: Final = "callgate.lab/2"


def as_json(
    profile: str,
    client: str,
    calls: Iterable[Call],
    differences: Sequence[str],
    faults: Sequence[str] = (),
) -> dict[str, Any]:
    """The calls of one run, and the differences of a user's own file from its scenario.

    ``faults`` are the names of those that the network had.
    """
    return {
        "schema": SCHEMA,
        "profile": profile,
        "client": client,
        "faults": list(faults),
        "calls": [_call(call) for call in calls],
        "differences": list(differences),
    }


def _call(call: Call) -> dict[str, Any]:
    answer = call.answer
    return {
        "scenario": call.case.scenario,
        "network": call.case.title,
        "family": call.family,
        "expected": call.case.expected,
        "also": list(call.case.also),
        "path": call.path,
        "holds": call.holds,
        "chosen": answer.chosen,
        "setup_ms": answer.setup_ms,
        "quality": None if answer.quality is None else asdict(answer.quality),
        "troubles": answer.troubles,
    }

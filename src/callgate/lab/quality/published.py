"""The measurement that comes with Callgate: what ``plan`` quotes and the documentation shows."""

import json
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from callgate.lab.quality.figures import Figures
from callgate.lab.quality.plain import from_json


class Published(NamedTuple):
    """The settings as plain data, and the figures of every cell."""

    settings: dict[str, Any]
    figures: tuple[Figures, ...]


@cache
def published() -> Published:
    """What was measured; see docs/quality.md for when and on what."""
    text = resources.files(__package__).joinpath("published.json").read_text(encoding="utf-8")
    found = json.loads(text)
    return Published(found["settings"], tuple(map(from_json, found["cells"])))

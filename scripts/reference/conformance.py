"""The table of PAC conformance, from the vectors that the tests put to Chromium and to us."""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parents[2] / "tests" / "support" / "pac_vectors.json"
_INTRODUCTION = """\
# PAC conformance

What a PAC file's functions answer in Chromium 156, and what it does with what the file
returns. The tests put every row to our sandbox and to a running Chromium. Names resolve to:
`a.test` 127.0.0.2, `b.test` 192.0.2.7, `six.test` 2001:db8::6, and `none.invalid` to nothing.
The client's zone is UTC+2.

"""


def conformance_page() -> str:
    """Every vector: calls by function, then returns."""
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    lines = [_INTRODUCTION, "## Calls"]
    for function, vectors in groupby(sorted(found["values"], key=_function), key=_function):
        lines += [f"\n### {function}\n", "| call | at | answer |", "| --- | --- | --- |"]
        lines += [_row(each["call"], each.get("at", ""), _answer(each)) for each in vectors]
    lines += ["\n## Returns\n", "Who is asked when `FindProxyForURL` returns this. At 9001 and "]
    lines[-1] += "9002 proxies answer, at 9003 to 9006 something listens that is none.\n"
    lines += ["| returns | asked |", "| --- | --- |"]
    lines += [_row(each["returns"], ", ".join(each["asked"])) for each in found["returns"]]
    return "\n".join(lines) + "\n"


def _function(vector: dict[str, Any]) -> str:
    name = vector["call"].partition("(")[0]
    return name if name.isalnum() and "(" in vector["call"] else "the world"


def _answer(vector: dict[str, Any]) -> str:
    kind, value = vector["answer"]
    if kind == "throws":
        return f"throws {value}"
    return kind if kind == "undefined" else f"`{json.dumps(value)}`"


def _row(code: str, *rest: str) -> str:
    shown = code.replace("|", "\\|")
    ticks = "``" if "`" in code else "`"
    return f"| {ticks}{shown}{ticks} | " + " | ".join(rest) + " |"

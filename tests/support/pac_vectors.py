"""The conformance vectors: what Chromium 156 answered, and a file that asks them all.

``values`` are calls of the library, with the client's clock where it matters (zone UTC+2);
``returns`` are what ``FindProxyForURL`` gives back, with who was asked then.
"""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

VECTORS = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
VALUES, RETURNS = VECTORS["values"], VECTORS["returns"]
ZONE = timezone(timedelta(hours=2))
DNS = {
    "a.test": ("127.0.0.2",),
    "b.test": ("192.0.2.7",),
    "six.test": ("2001:db8::6",),
    "none.invalid": (),
}
#: The same table for Chromium; the rest of the world is where the page's hosts are.
RULES = (
    "MAP a.test 127.0.0.2, MAP b.test 192.0.2.7, MAP six.test [2001:db8::6], "
    "MAP go*.test 127.0.0.2, MAP r*.test 127.0.0.2"
)
#: Chromium looks up 20 names in one run of a file and no more.
CHUNK = 16
NOON = datetime(2026, 1, 1, 12, tzinfo=ZONE)

_SAY = """
function said(call) {
  try {
    var answer = call();
    return JSON.stringify([typeof answer, answer === undefined ? null : answer]);
  } catch (error) {
    return JSON.stringify(["throws", String(error && error.name || error)]);
  }
}
"""
#: Stops the clock of a browser; ours stops by itself.
_CLOCK = """
var clock = 0, RealDate = Date;
Date = class extends RealDate {
  constructor(...parts) { if (parts.length) { super(...parts); } else { super(clock); } }
  static now() { return clock; }
};
"""


def times():
    """The moments that vectors name, None first."""
    return list(dict.fromkeys(each.get("at") for each in VALUES))


def moment(text):
    return NOON if text is None else datetime.fromisoformat(text).replace(tzinfo=ZONE)


def sandbox_script(vectors):
    """A file that answers host ``vN`` with what vector N's call gives."""
    cases = "".join(
        f'case "v{number}": return said(function () {{ return {each["call"]}; }});\n'
        for number, each in enumerate(vectors)
    )
    return f"{_SAY}function FindProxyForURL(url, host) {{ switch (host) {{\n{cases}}} }}"


def browser_script():
    """One file for Chromium: says every value by alert, and returns every return."""
    lines = [_CLOCK, _SAY, "function FindProxyForURL(url, host) {\n"]
    for first in range(0, len(VALUES), CHUNK):
        lines.append(f'  if (host === "go{first}.test") {{\n')
        for number, each in enumerate(VALUES[first : first + CHUNK], first):
            stop = f"clock = new RealDate('{each['at']}').getTime(); " if "at" in each else ""
            call = f"said(function () {{ return {each['call']}; }})"
            lines.append(f"    {stop}alert('V{number} ' + {call});\n")
        lines.append('    return "DIRECT";\n  }\n')
    lines += [
        f'  if (host === "r{number}.test") {{ return {each["returns"]}; }}\n'
        for number, each in enumerate(RETURNS)
    ]
    lines.append('  return "DIRECT";\n}\n')
    return "".join(lines)


def browser_urls():
    values = (f"http://go{first}.test/" for first in range(0, len(VALUES), CHUNK))
    return [*values, *(f"http://r{number}.test/" for number in range(len(RETURNS)))]


def browser_values(alerts):
    """What Chromium said of each value, by number."""
    found = {}
    for alert in alerts:
        number, _, said = alert.partition(" ")
        if number[:1] == "V" and number[1:].isdigit():
            found[int(number[1:])] = json.loads(said)
    return found

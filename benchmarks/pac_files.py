"""Our PAC file beside the linear form that others generate, in QuickJS and in V8.

The rival is what the common generators write: a chain of ``shExpMatch(host, "*.name")``,
one line for each domain. Both get the same library, ours. Half of the hosts are the
application's, from the whole list, and half are strangers, which pass every line.
"""

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from types import SimpleNamespace

import quickjs

from callgate.dialects.pac.script import render
from callgate.names import DomainPattern

COUNTS = (12, 200, 2000)
HOSTS = 200
#: Seconds that one measurement lasts at least; the fastest of three counts.
LEAST = 0.4

_LOOP = """
(function (hosts, least, now) {
  for (var i = 0; i < hosts.length; i++) FindProxyForURL("https://" + hosts[i] + "/", hosts[i]);
  var best = 0;
  for (var round = 0; round < 3; round++) {
    var start = now(), asked = 0, spent = 0;
    do {
      for (i = 0; i < hosts.length; i++) FindProxyForURL("https://" + hosts[i] + "/", hosts[i]);
      asked += hosts.length;
      spent = now() - start;
    } while (spent < least * 1000);
    best = Math.max(best, asked / spent * 1000);
  }
  return best;
})
"""
_NODE = """
const vm = require('vm');
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const cpu = () => process.cpuUsage().user / 1000;
const answers = given.scripts.map((script) => {
  const context = vm.createContext(Object.create(null));
  vm.runInContext(script, context);
  return vm.runInContext(given.loop, context)(given.hosts, given.least, cpu);
});
process.stdout.write(JSON.stringify(answers));
"""


@dataclass(frozen=True)
class Speed:
    """URLs a second, of ours and of the linear form."""

    engine: str
    domains: int
    ours: float
    linear: float

    @property
    def ratio(self) -> float:
        return self.ours / self.linear

    def __str__(self) -> str:
        what = f"PAC, {self.domains:,} domains, {self.engine}"
        return (
            f"{what:<44} {self.ours:12,.0f} /s  {'linear shExpMatch':<28}"
            f" {self.linear:12,.0f} /s  x{self.ratio:.0f}"
        )


def patterns(count: int) -> tuple[DomainPattern, ...]:
    """Names below a few suffixes, the same on every machine."""
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = {
        DomainPattern(
            f"{''.join(chance.choices(letters, k=chance.randint(5, 12)))}."
            f"{chance.choice(('com', 'net', 'org', 'example.com'))}",
            below=True,
        ): None
        for _ in range(count * 2)
    }
    return tuple(found)[:count]


def hosts(domains: tuple[DomainPattern, ...]) -> list[str]:
    """As many of the application's as strangers."""
    chance = random.Random(2)
    ours = [f"meet.{chance.choice(domains).base}" for _ in range(HOSTS // 2)]
    return ours + [f"www.stranger{number}.example.net" for number in range(HOSTS // 2)]


def library() -> str:
    """What both call, without what needs a host."""
    return resources.files("callgate.pac.js").joinpath("library.js").read_text(encoding="utf-8")


def scripts(domains: tuple[DomainPattern, ...]) -> tuple[str, str]:
    """Our file and the linear one."""
    policy = SimpleNamespace(
        profile="bench", document="bench", scenarios=("bench",), site="bench", domains=domains,
        proxy=SimpleNamespace(host="proxy.example.net", port=3128), default_proxy=None, notices=(),
    )  # fmt: skip
    tests = " ||\n      ".join(f'shExpMatch(host, "*.{each.base}")' for each in domains)
    linear = (
        "function FindProxyForURL(url, host) {\n"
        f'  if ({tests})\n    return "PROXY proxy.example.net:3128";\n  return "DIRECT";\n}}\n'
    )
    return library() + render(policy), library() + linear


def quickjs_speed(script: str, asked: list[str]) -> float:
    """URLs a second in quickjs-ng, by CPU time."""
    context = quickjs.Context()
    context.add_callable("cpu", lambda: time.process_time() * 1000)
    context.eval(script)
    call = f"{_LOOP}({json.dumps(asked)}, {LEAST}, cpu)"
    return float(context.eval(call))


def v8_speeds(given: tuple[str, str], asked: list[str], *flags: str) -> list[float]:
    """URLs a second in node; ``--jitless`` is how Chromium runs PAC files."""
    node = shutil.which("node")
    if node is None:
        sys.stderr.write("node is not installed: PAC files are not measured in V8\n")
        return []
    done = subprocess.run(
        [node, *flags, "-e", _NODE],
        input=json.dumps({"scripts": given, "loop": _LOOP, "hosts": asked, "least": LEAST}),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measurements() -> Iterator[Speed]:
    """Ours against the linear form, for each engine and number of domains."""
    for count in COUNTS:
        domains = patterns(count)
        asked, given = hosts(domains), scripts(domains)
        yield Speed("QuickJS", count, *(quickjs_speed(each, asked) for each in given))
        for engine, flags in (("V8", ()), ("V8 as in Chrome", ("--jitless",))):
            found = v8_speeds(given, asked, *flags)
            if found:
                yield Speed(engine, count, *found)

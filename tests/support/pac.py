"""Policies for PAC tests, hosts that hurt, and the JavaScript engines that judge."""

import json
import os
import random
import shutil
import string
import subprocess
from pathlib import Path

import pytest
import quickjs

from callgate.flows import Family
from callgate.names import DomainPattern
from callgate.policy.model import Policy
from callgate.policy.site import Apply, Edge, On, Proxy

GOTO = (
    "*.goto.com",
    "*.goto-rtc.com",
    "*.jive.com",
    "*.getgo.com",
    "*.gotomeeting.com",
    "*.logmeininc.com",
    "*.expertcity.com",
)
TRAINING = (
    "*.gototraining.com",
    "*.firebase.app",
    "apis.google.com",
    "*.youtube.com",
    "*.googlevideo.com",
)
APP_PROXY = Proxy("goto-proxy.example.net", 3128)
DEFAULT_PROXY = Proxy("2001:db8::8", 8080)

PROTOTYPE_KEYS = ("__proto__", "constructor", "hasownproperty", "tostring", "valueof")


def patterns(*texts: str) -> tuple[DomainPattern, ...]:
    return tuple(DomainPattern.parse(text) for text in texts)


def pac_policy(**changes) -> Policy:
    """A policy of the clients with everything that a PAC file shows; ``changes`` override."""
    values = {
        "profile": "goto/2.1",
        "document": "Minimal Firewall Settings, version 2.1",
        "scenarios": ("turn-udp",),
        "site": "example",
        "on": On.ROUTER,
        "edge": Edge.CLIENT,
        "apply": Apply.STANDALONE,
        "families": (Family.V4, Family.V6),
        "clients": None,
        "rules": (),
        "block": None,
        "notices": (),
        "merge": None,
        "domains": patterns(*GOTO),
        "proxy": APP_PROXY,
        "default_proxy": None,
    }
    return Policy(**(values | changes))


def hostile_hosts(bases: list[str]) -> list[str]:
    """Hosts around these names that a careless PAC file takes for the wrong thing."""
    hosts = ["", ".", "..", "localhost", "192.0.2.1", "192.0.2.1.", "::1", "[::1]", "2001:db8::1"]
    hosts += ["toLocaleString", "isPrototypeOf", "__defineGetter__", "com", "net", "0", "1", "2"]
    hosts += [key + end for key in PROTOTYPE_KEYS for end in ("", ".", ".com", ".goto.com")]
    for base in bases:
        parent = base.partition(".")[2]
        hosts += [base, base + ".", base + "..", "." + base, ".." + base, base.upper(), parent]
        hosts += [f"evil-{base}", f"evil{base}", f"{base}.evil.com", f"a.{base}.evil.com"]
        hosts += [base.replace(".", "-"), base.replace(".", "x", 1), base[1:], base + "m"]
        hosts += [
            f"xn--bcher-kva.{base}",
            f"192.0.2.1.{base}",
            f"a..{base}",
            f"{base}/a",
            f"*.{base}",
        ]
        hosts += [".".join("abcdef"[:depth]) + "." + base for depth in range(1, 7)]
        hosts += [f"MEET.{base}.", f"MeEt.{base.title()}", f"a.{base}..", f"a.{base} ", f" {base}"]
        filler = ("x." * 130)[-(252 - len(base)) :].lstrip(".")
        hosts += [filler + base, "y" * 63 + "." + base, "Bücher." + base]
    return hosts


def random_hosts(seed: int, count: int) -> list[str]:
    """Names of 1 to 6 short labels: short, so that they collide with random patterns."""
    rng = random.Random(seed)
    letters = string.ascii_letters + string.digits + "-_"
    return [
        ".".join(
            "".join(rng.choices(letters, k=rng.randint(1, 3))) for _ in range(rng.randint(1, 6))
        )
        for _ in range(count)
    ]


def random_patterns(seed: int, count: int) -> tuple[DomainPattern, ...]:
    """Many patterns, nested ones and both kinds of one name among them."""
    rng = random.Random(seed)
    found: dict[DomainPattern, None] = {}
    names = ["com", "net"]
    while len(found) < count:
        name = "".join(rng.choices(string.ascii_lowercase + string.digits, k=3))
        name = f"a{name}.{rng.choice(names)}"
        names.append(name)
        if len(name) < 60:
            found[DomainPattern(name, rng.random() < 0.5)] = None
    return tuple(found)


def engine(script: str) -> quickjs.Context:
    """quickjs-ng with the file loaded, and bounds on what it may use up."""
    context = quickjs.Context()
    context.set_memory_limit(64 << 20)
    context.set_time_limit(20)
    context.eval(script)
    return context


def quickjs_answers(script: str, hosts: list[str]) -> list[str]:
    find = engine(script).get("FindProxyForURL")
    return [find(f"https://{host}/", host) for host in hosts]


_NODE = """
const vm = require('vm');
const jobs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const answers = jobs.map(({script, hosts}) => {
  const context = vm.createContext(Object.create(null));
  vm.runInContext(script, context);
  context.hosts = hosts;
  return vm.runInContext(
    "hosts.map(function (h) { return FindProxyForURL('https://' + h + '/', h); })", context);
});
process.stdout.write(JSON.stringify(answers));
"""

# allowReserved "never" is what makes the parser refuse ``x.default``, as ECMAScript 3 does.
_ES3 = """
const acorn = require('internal/deps/acorn/acorn/dist/acorn');
const walk = require('internal/deps/acorn/acorn-walk/dist/walk');
const scripts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const found = scripts.map((script) => {
  let tree;
  try {
    tree = acorn.parse(script, {ecmaVersion: 3, allowReserved: 'never'});
  } catch (error) {
    return {error: error.message};
  }
  const members = new Set(), names = new Set();
  walk.full(tree, (node) => {
    if (node.type === 'MemberExpression' && !node.computed) members.add(node.property.name);
    if (node.type === 'Identifier') names.add(node.name);
  });
  return {members: [...members].sort(), names: [...names].sort()};
});
process.stdout.write(JSON.stringify(found));
"""


def node_answers(jobs: list[tuple[str, list[str]]]) -> list[list[str]]:
    """The answers for many files in one node process, each in a world with no globals."""
    return _node(_NODE, [{"script": script, "hosts": hosts} for script, hosts in jobs])


def es3(scripts: list[str]) -> list[dict]:
    """What acorn, which node brings with it, finds in each file read as ECMAScript 3."""
    return _node(_ES3, scripts)


def _node(program: str, given: object):
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CALLGATE_REQUIRE_LAB") == "1":
            pytest.fail("node is not installed")
        pytest.skip("node is not installed")
    done = subprocess.run(
        [node, "--no-warnings", "--expose-internals", "-e", program],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parent,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

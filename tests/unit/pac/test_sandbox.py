"""Hostile files end within the limits, say why, and learn nothing."""

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callgate.errors import ToolError
from callgate.pac import sandbox
from callgate.pac.interview import interview
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, Limits, World, require_engine, run
from callgate.pac.syntax import Script

CHROME = READERS["chrome"]
LIMITS = Limits(seconds=0.3, total=6, memory=32 << 20)
ASK = [("http://one.test/", "one.test"), ("http://two.test/", "two.test")]


def body(text):
    return f"function FindProxyForURL(url, host) {{\n  {text}\n}}"


def first(script, world=World(), limits=LIMITS):  # noqa: B008
    found = run(script, ASK, Client(CHROME, world, limits))
    return found.answers[0] if found.answers else found.loaded


HOSTILE = {
    "endless loop": (body("while (true) {}"), {"time"}),
    "endless loop when loaded": ("while (true) {}", {"time"}),
    "catastrophic expression": (body('return /(a+)+$/.test("a".repeat(40) + "b")'), {"time"}),
    "the same by shExpMatch": (body('return shExpMatch("a".repeat(40) + "b", "(a+)+")'), {"time"}),
    "memory bomb": (body('var a = []; while (true) a.push(new Array(1e5).fill("x"))'), {"memory"}),
    "one huge buffer": (body("return String(new ArrayBuffer(2e9))"), {"memory"}),
    "deep recursion": (body("return FindProxyForURL(url, host) + 1"), {"stack"}),
    "deep source": ("x = " + "(" * 50000 + "1" + ")" * 50000, {"stack"}),
    "deep expression": (body('return RegExp("(?:".repeat(5e4) + ")".repeat(5e4)) + ""'), {"stack"}),
    "growing string": (body('var s = "x"; while (true) s += s'), {"exception", "memory"}),
    "caught and endless": (body('try { while (true) {} } catch (e) { return "DIRECT" }'), {"time"}),
    "endless getter": (
        'Object.defineProperty(globalThis, "FindProxyForURL", {get() { while (true) {} }})',
        {"time"},
    ),
    "endless proxy": (
        "FindProxyForURL = new Proxy(function () {}, {apply() { while (true) {} }})",
        {"time"},
    ),
    "endless conversion": (
        body("return {toString() { while (true) {} }, toJSON() { while (true) {} }}"),
        {"object"},
    ),
    "thrown endless conversion": (body("throw {toString() { while (true) {} }}"), {"exception"}),
    "thrown endless getters": (
        body("throw {get message() { while (true) {} }, get stack() { while (true) {} }}"),
        {"exception"},
    ),
    "the engine's own loop": (
        body("return Array.prototype.reverse.call({length: 2 ** 53 - 1})"),
        {"killed"},
    ),
    "endless generator": (body("return [...function* () { while (true) yield 1 }()]"),
                          {"memory", "time"}),
    "asynchronous": ("async " + body('return "DIRECT"'), {"object"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_within_the_limit(name):
    script, kinds = HOSTILE[name]
    before = os.times()
    answer = first(script)
    after = os.times()
    assert answer.kind in kinds
    used = after.children_user - before.children_user
    assert used < LIMITS.total + 2


@pytest.mark.parametrize(
    ("name", "place"), [("endless loop", 1), ("memory bomb", 2), ("deep recursion", 2)]
)
def test_the_error_names_the_place(name, place):
    script = Script("bad.pac", HOSTILE[name][0])
    told = interview(script, ASK[:1], Client(CHROME, World(), LIMITS)).told[0]
    assert told.failure
    assert told.place is not None
    assert told.place.line == place
    assert str(told.ways) == "DIRECT"


def test_after_a_kill_the_rest_is_not_asked_and_said_to_be():
    found = run(HOSTILE["the engine's own loop"][0], ASK, Client(CHROME, World(), LIMITS))
    assert [each.kind for each in found.answers] == ["killed", "not asked"]
    assert all(each.limited for each in found.answers)


def test_a_limit_for_one_host_does_not_spoil_the_next():
    script = body('if (host == "one.test") while (true) {}\n  return "DIRECT"')
    found = run(script, ASK, Client(CHROME, World(), LIMITS))
    assert [each.kind for each in found.answers] == ["time", "string"]


#: Ways out that other engines have been seen to leave open.
REACHES = (
    "process", "require", "module", "std", "os", "bjson", "print", "scriptArgs", "load", "read",
    "readFile", "call_python", "Deno", "Bun", "XMLHttpRequest", "fetch", "WebAssembly", "Worker",
    "navigator", "performance", "gc", "setTimeout", "importScripts", "SharedArrayBuffer",
)  # fmt: skip


@pytest.mark.parametrize(
    "how", ["typeof {}", 'Function("return typeof {}")()', 'eval("typeof {}")']
)
def test_nothing_of_the_machine_is_within_reach(how):
    calls = ", ".join(how.replace("{}", name) for name in REACHES)
    answer = first(body(f"return [{calls}].join()"))
    assert answer.value == ",".join(["undefined"] * len(REACHES))


def test_the_environment_is_out_of_reach(monkeypatch):
    """Everything that can be reached from the global object is searched for a secret."""
    monkeypatch.setenv("CALLGATE_SECRET", "s3cr3t-value")
    answer = first(
        body(
            """
  var seen = new Set(), queue = [globalThis, Function("return this")()], found = 0;
  while (queue.length) {
    var thing = queue.pop();
    if (thing === null || !/object|function/.test(typeof thing) || seen.has(thing)) continue;
    seen.add(thing);
    Reflect.ownKeys(thing).forEach(function (key) {
      if (String(key).indexOf("SECRET") >= 0) found++;
      var slot = Object.getOwnPropertyDescriptor(thing, key);
      [slot.value, slot.get, slot.set].forEach(function (part) {
        if (typeof part === "string" && part.indexOf("s3cr3t") >= 0) found++;
        queue.push(part);
      });
    });
    queue.push(Object.getPrototypeOf(thing));
  }
  return seen.size + " " + found;"""
        )
    )
    size, found = answer.value.split()
    assert int(size) > 500
    assert found == "0"


def test_the_child_is_given_no_environment(monkeypatch):
    given = {}
    real = sandbox.subprocess.Popen

    def spy(*arguments, **settings):
        given.update(settings)
        return real(*arguments, **settings)

    monkeypatch.setenv("CALLGATE_SECRET", "s3cr3t-value")
    monkeypatch.setattr(sandbox.subprocess, "Popen", spy)
    assert first(body('return "DIRECT"')).value == "DIRECT"
    assert set(given["env"]) <= {"PYTHONPATH", "TZ", "SYSTEMROOT"}


@pytest.mark.parametrize("path", ["/etc/passwd", "std", "os", "./worker.py", "file:///etc/passwd"])
def test_no_file_can_be_imported(path):
    script = "var got = 'nothing';\n" + body(
        f'import("{path}").then(function (m) {{ got = "read"; }}); return got'
    )
    found = run(script, ASK, Client(CHROME, World(), LIMITS))
    assert [each.value for each in found.answers] == ["nothing", "nothing"]


def test_a_file_that_tampers_fools_only_itself():
    script = (
        "Reflect.apply = null; JSON.stringify = function () { return 'x' };\n"
        "String.prototype.toJSON = Array.prototype.join = function () { return 'y' };\n"
        + body('return "PROXY a:1"')
    )
    assert first(script).value == "PROXY a:1"


def test_a_long_answer_and_odd_characters_are_kept_in_bounds():
    assert len(first(body('return "x".repeat(1e6)')).value) == 100_000
    assert first(body('return "\\ud800\\0\\n"')).value == "\ud800\0\n"
    many = first(body('for (var i = 0; i < 1e4; i++) alert("y".repeat(1000)); return "DIRECT"'))
    assert many.full or many.kind == "time"
    assert sum(map(len, many.alerts)) <= 100_000


def test_look_ups_come_from_the_table_and_are_else_reported():
    world = World(
        {"a.test": ("2001:db8::1", "192.0.2.1"), "*.b.test": ("192.0.2.2",), "no.test": ()}
    )
    script = body(
        'return [dnsResolve("A.test."), dnsResolveEx("a.test"), dnsResolve("x.y.b.test"), '
        'dnsResolve("b.test"), dnsResolve("no.test"), isResolvable("c.test")].join("|")'
    )
    answer = first(script, world)
    assert answer.value == "192.0.2.1|2001:db8::1;192.0.2.1|192.0.2.2|||false"
    assert answer.missing == ('dnsResolve("b.test")', 'dnsResolve("c.test")')
    assert first(script, World({"*": ("192.0.2.9",)})).missing == ()


def test_no_look_up_is_ever_live():
    answer = first(body('return String(dnsResolve("localhost.example.")) + isResolvable("x.y")'))
    assert answer.value == "nullfalse"
    assert len(answer.missing) == 2


def test_own_address_clock_and_chance_are_reported():
    answer = first(body("return myIpAddress() + new Date().getTime() + Math.random()"))
    assert answer.missing == ("myIpAddress()", "Math.random()")
    assert answer.clock
    world = World({}, ("2001:db8::7", "192.0.2.7"), datetime(2026, 11, 27, 8, tzinfo=UTC))
    given = first(body('return myIpAddress() + " " + myIpAddressEx() + " " + Date.now()'), world)
    assert given.value == "192.0.2.7 2001:db8::7;192.0.2.7 1795766400000"
    assert given.missing == ()


def test_readers_have_their_functions():
    script = body("return [typeof dnsResolveEx, typeof FindProxyForURLEx].join()")
    values = {
        name: run(script, ASK, Client(reader)).answers[0].value for name, reader in READERS.items()
    }
    assert values == {
        "chrome": "function,undefined",
        "firefox": "undefined,undefined",
        "winhttp": "function,undefined",
    }
    both = body('return "PROXY plain:1"') + '\nfunction FindProxyForURLEx() { return "PROXY ex:1" }'
    entry = {name: run(both, ASK, Client(each)).answers[0].value for name, each in READERS.items()}
    assert entry == {"chrome": "PROXY plain:1", "firefox": "PROXY plain:1", "winhttp": "PROXY ex:1"}


def test_without_the_packages_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(sandbox.util, "find_spec", lambda name: None)
    with pytest.raises(ToolError) as caught:
        require_engine()
    assert caught.value.hint == f"{sys.executable} -m pip install 'callgate[pac]'"


def test_the_wall_clock_ends_what_the_limits_do_not():
    limits = Limits(seconds=60, total=60, wall=1.5)
    found = run(body("while (true) {}"), ASK, Client(CHROME, World(), limits))
    assert found.loaded.kind in {"function", "killed"}
    assert all(each.limited for each in found.answers)


def test_each_question_has_a_share_of_its_own():
    """Many slow answers together use more than one of them may."""
    many = [(f"http://h{number}.test/", f"h{number}.test") for number in range(12)]
    limits = replace(LIMITS, hangs=len(many))
    found = run(HOSTILE["endless loop"][0], many, Client(CHROME, World(), limits))
    assert [each.kind for each in found.answers] == ["time"] * len(many)


def test_a_file_that_hangs_again_and_again_is_asked_no_more():
    many = [(f"http://h{number}.test/", f"h{number}.test") for number in range(6)]
    found = run(HOSTILE["endless loop"][0], many, Client(CHROME, World(), LIMITS))
    assert [each.kind for each in found.answers] == ["time"] * 3 + ["not asked"] * 3

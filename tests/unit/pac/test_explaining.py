"""The statement that decides is named, and probes change no file's mind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callgate.dialects.pac import Pac
from callgate.pac.interview import interview
from callgate.pac.probes import Kind, probed
from callgate.pac.readers import READERS
from callgate.pac.sandbox import Client, World
from callgate.pac.syntax import Script
from tests.support.pac import hostile_hosts, pac_policy

CHROME = READERS["chrome"]

FILE = """\
var list = ["jive.com", "getgo.com"];
function below(host, domain) {
  return host == domain ||
    dnsDomainIs(host, "." + domain);
}
function FindProxyForURL(url, host) {
  if (isPlainHostName(host)) return;
  if (shExpMatch(host, "*.goto.com") || (host == "goto.com" && url))
    return "PROXY a:1"
  for (var i = 0; i < list.length; i++)
    if (below(host, list[i])) { return "PROXY b:2"; }
  switch (host) {
    case "c.test": case "d.test":
      return "PROXY c:3";
    default:
      var later = (h) => h == "e.test";
      try { return later(host) ? "PROXY e:5" : (host == "f.test" ? null : "DIRECT"); }
      finally { below(host, "x"); }
  }
}
"""
#: Host -> line of the statement, lines of the conditions that held.
DECIDED = {
    "meet.goto.com": (9, [8]),
    "goto.com": (9, [8, 8]),
    "x.getgo.com": (11, [4, 11]),
    "jive.com": (11, [3, 11]),
    "c.test": (14, [13, 13]),
    "d.test": (14, [13]),
    "e.test": (17, [15, 17]),
    "f.test": (17, [15, 17]),
    "g.test": (17, [15]),
    "plain": (7, [7]),
}


def told(text, hosts, world=World()):  # noqa: B008
    script = Script("x.pac", text)
    return interview(script, [(f"https://{h}/", h) for h in hosts], Client(CHROME, world)).told


@pytest.mark.parametrize("host", DECIDED)
def test_the_statement_and_the_conditions(host):
    (found,) = told(FILE, [host])
    line, held = DECIDED[host]
    assert found.decision.place.line == line
    assert [each.line.place.line for each in found.decision.held] == held


def test_the_library_says_what_it_was_asked():
    (found,) = told(FILE, ["x.getgo.com"])
    calls = [call for each in found.decision.held for call in each.calls]
    assert 'dnsDomainIs("x.getgo.com", ".getgo.com") = true' in calls


def test_failures_name_their_line():
    text = (
        'function FindProxyForURL(url, host) {\n  if (host == "a") return 12;\n'
        '  if (host == "b") return;\n  if (host == "c") nowhere(host);\n'
        '  if (host == "d") return shExpMatch(host, "(");\n}'
    )
    found = told(text, ["a", "b", "c", "d", "e"])
    assert [each.failure for each in found] == [
        "it returns no string but number 12",
        "it returns nothing",
        "it fails: ReferenceError: nowhere is not defined",
        found[3].failure,
        "it returns nothing",
    ]
    assert [each.place and each.place.line for each in found] == [2, 3, 4, 5, None]
    assert {str(each.ways) for each in found} == {"DIRECT"}


@pytest.mark.parametrize(
    ("text", "failure", "line"),
    [
        ("var a = ;", "the file does not load: SyntaxError", 1),
        ("\nthrow new Error('no');", "the file does not load: Error: no", 2),
        ("var a = 1;", "the file has no function FindProxyForURL", None),
        ("const FindProxyForURL = () => 'DIRECT';", "the file has no function", None),
        ("while (true) {}", "loading the file: it did not end within the time limit", 1),
    ],
)
def test_a_file_that_does_not_load(text, failure, line):
    found = interview(Script("x.pac", text), [("http://a/", "a")], Client(CHROME))
    assert found.failure.startswith(failure)
    assert (found.place.line if found.place else None) == line


def test_a_file_that_the_parser_does_not_know_runs_all_the_same():
    text = 'function FindProxyForURL(u, h) { return "PROXY a:1"; }\n<!-- an old comment\n'
    (found,) = told(text, ["a"])
    assert str(found.ways) == "PROXY a:1"


def test_probes_tell_returns_from_conditions():
    found = probed(Script("x.pac", FILE))
    kinds = [probe.kind for probe in found.probes]
    assert kinds.count(Kind.CASE) == 3
    assert kinds.count(Kind.RETURN) == 7
    assert "callgateProbe(" in found.text
    assert probed(Script("x.pac", "callgateProbe();")).name == "callgateProbe_"


def test_our_own_file_is_explained_for_hosts_that_hurt():
    hosts = [host for host in hostile_hosts(["goto.com"]) if host]
    found = told(Pac().generate(pac_policy())[0].text, hosts)
    lines = {each.decision.place.line for each in found}
    assert len(lines) == 1
    assert all("callgateIsApp" in each.decision.statement.text for each in found)


names = st.sampled_from(["a", "b", "host", "true", "false", "0", '""', "null", "(a, b)"])
conditions = st.recursive(
    names,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||", "==", ","]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map("!{}".format),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
    ),
    max_leaves=8,
)
statements = st.recursive(
    conditions.map("return String({});".format),
    lambda inner: st.one_of(
        st.tuples(conditions, inner).map(lambda p: f"if ({p[0]}) {p[1]}"),
        st.tuples(conditions, inner, inner).map(lambda p: f"if ({p[0]}) {{ {p[1]} }} else {p[2]}"),
        st.tuples(conditions, inner, inner).map(
            lambda p: f"switch ({p[0]}) {{ case a: case {p[0]}: {p[1]} default: {p[2]} }}"
        ),
        st.tuples(inner, inner).map(lambda p: f"try {{ {p[0]} }} finally {{ if (0) {p[1]} }}"),
        conditions.map(lambda c: f"return (x => {c} || x)(a) ? 'y' : 'z'\n"),
    ),
    max_leaves=4,
)


@given(st.lists(statements, min_size=1, max_size=12))
@settings(max_examples=12, deadline=None)
def test_probes_change_nothing(bodies):
    """Many functions in one file, so that one child answers for all of them."""
    functions = [
        f"function f{n}(a, b, host) {{ {text} return 'end'; }}" for n, text in enumerate(bodies)
    ]
    calls = ", ".join(f"f{n}(0, 1, host), f{n}('x', null, host)" for n in range(len(bodies)))
    text = "\n".join(
        [*functions, f"function FindProxyForURL(url, host) {{ return [{calls}].join(); }}"]
    )
    found = told(text, ["h"])[0]
    assert found.answer.kind == "string"
    assert found.decision is not None

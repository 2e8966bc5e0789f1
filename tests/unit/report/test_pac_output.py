"""The JSON of ``callgate pac`` keeps its keys: other people's programs read it."""

import json

import pytest

from callgate.cli.main import run

FILE = """\
function FindProxyForURL(url, host) {
  if (dnsDomainIs(host, ".goto.com") && dnsResolve(host)) return "PROXY a.example.net:1";
  return "DIRECT";
}
"""
TOLD = {"url", "host", "returned", "kind", "ways", "failure", "missing", "decision"}


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "proxy.pac"
    file.write_text(FILE)
    return str(file)


def printed(capsys, *arguments):
    run([*arguments, "-o", "json"])
    return json.loads(capsys.readouterr().out)


def test_check(capsys, path):
    found = printed(capsys, "pac", "check", path, "--profile", "goto", "--reader", "chrome")
    assert set(found) == {"schema", "source", "profile", "readers", "findings"}
    assert found["schema"] == "callgate.pac-check/1"
    (reader,) = found["readers"]
    assert set(reader) == {"reader", "observed", "verdict", "expected", "rows"}
    assert all(
        set(row) == TOLD | {"pattern", "role", "verdict", "reason"} for row in reader["rows"]
    )
    for finding in found["findings"]:
        assert set(finding) == {"kind", "severity", "message", "line", "related", "readers"}
        assert set(finding["line"]) == {"file", "line", "text", "column"}


def test_explain(capsys, path):
    found = printed(capsys, "pac", "explain", path, "https://meet.goto.com/")
    assert set(found) == {"schema", "answers"}
    assert found["schema"] == "callgate.pac-explain/1"
    (answer,) = found["answers"]
    assert set(answer) == TOLD | {"reader"}
    assert answer["missing"] == ['dnsResolve("meet.goto.com")']
    assert set(answer["decision"]) == {"statement", "conditions", "failed", "complete"}
    assert set(answer["decision"]["statement"]) == {"file", "line", "text"}


def test_same_input_same_bytes(capsys, path):
    arguments = ["pac", "check", path, "--profile", "goto", "--at", "2026-11-27T08:00"]
    assert printed(capsys, *arguments) == printed(capsys, *arguments)

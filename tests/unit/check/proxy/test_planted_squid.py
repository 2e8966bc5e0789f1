"""Each planted mistake of a squid.conf is named with its line, and without it all is well."""

import json

import pytest

from callgate.cli.main import run
from tests.support.proxy_mistakes import GOOD, SQUID

SITE = ["--client", "10.20.0.0/16"]


def checked(capsys, path, *more):
    """The exit code and the JSON answer of ``check``."""
    code = run(["check", "goto", str(path), *SITE, "-o", "json", *more])
    return code, json.loads(capsys.readouterr().out)


def told(answer):
    """Everything an answer says: (need or kind of finding, line), in both shapes."""
    for scenario in answer["scenarios"]:
        for need in scenario["needs"]:
            if need["verdict"] != "satisfied":
                for evidence in need["evidence"]:
                    yield need["id"].partition(".")[2], evidence["line"]["line"]
    for finding in answer["findings"]:
        yield finding["kind"], finding["line"] and finding["line"]["line"]


@pytest.mark.parametrize("scenario", ["unrestricted", "turn-udp", "turn-tcp-3478", "turn-tcp-443"])
def test_the_configuration_without_a_mistake_is_well(capsys, tmp_path, scenario):
    path = tmp_path / "squid.conf"
    path.write_text(GOOD)
    code, answer = checked(capsys, path, "--scenario", scenario, "--fail-on", "excess")
    assert (code, list(told(answer))) == (0, [])


def test_there_are_enough_of_them():
    assert len(SQUID) >= 25
    assert len({text for text, *_ in SQUID.values()}) >= 25


@pytest.mark.parametrize("mistake", SQUID)
def test_the_mistake_is_named_with_its_line(capsys, tmp_path, mistake):
    text, scenario, expected, line, what = SQUID[mistake]
    assert text != GOOD
    path = tmp_path / "squid.conf"
    path.write_text(text)
    code, answer = checked(capsys, path, "--scenario", scenario)
    assert code == expected
    assert (what, line) in list(told(answer))


@pytest.mark.parametrize("mistake", [name for name, row in SQUID.items() if row[4] == "too-wide"])
def test_what_is_too_wide_counts_as_excess(capsys, tmp_path, mistake):
    text, scenario, *_ = SQUID[mistake]
    path = tmp_path / "squid.conf"
    path.write_text(text)
    assert checked(capsys, path, "--scenario", scenario)[0] == 0
    assert checked(capsys, path, "--scenario", scenario, "--fail-on", "excess")[0] == 1

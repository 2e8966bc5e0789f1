"""Each planted mistake of a list is named with its line."""

import json

import pytest

from callgate.cli.main import run
from tests.support.proxy_mistakes import LISTS
from tests.unit.check.proxy.test_planted_squid import told


@pytest.mark.parametrize("mistake", LISTS)
def test_the_mistake_is_named_with_its_line(capsys, tmp_path, mistake):
    reader, text, expected, line, what = LISTS[mistake]
    path = tmp_path / "list.txt"
    path.write_text(text)
    arguments = ["check", "goto", str(path), "--dialect", reader, "--scenario", "turn-tcp-443"]
    assert run([*arguments, "-o", "json"]) == expected
    assert (what, line) in list(told(json.loads(capsys.readouterr().out)))


def test_what_only_exempts_is_advice_as_long_as_media_goes_by_udp(capsys, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("*.goto.com\n")
    check = ["check", "goto", str(path), "--dialect", "pan-exclusion", "-o", "json"]
    assert run([*check, "--scenario", "turn-udp"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["kind"] for each in found] == ["inspected"]
    assert found[0]["message"].startswith("does not exempt *.goto.com, *.goto-rtc.com")


def test_an_entry_that_is_not_modelled_may_be_the_missing_one(capsys, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("app.*.com/\n")
    check = ["check", "goto", str(path), "--dialect", "pan-edl", "--scenario", "turn-tcp-443"]
    assert run(check) == 3
    out = capsys.readouterr().out
    assert "depends on: the name fits app.*.com/" in out
    assert "Not modelled: 1 statement" in out


def test_a_list_is_never_guessed(capsys, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text(".goto.com\n")
    assert run(["check", "goto", str(path)]) == 2
    assert "say which with --dialect" in capsys.readouterr().err
    assert run(["check", "goto", str(path), "--dialect", "zscale"]) == 2
    assert "pan-edl-domain" in capsys.readouterr().err

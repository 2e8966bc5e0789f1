"""``callgate profiles`` through the command line."""

import io
import json
import sys

import pytest

from callgate.cli.main import run
from callgate.profiles.loader import find, load_profile
from callgate.profiles.model import Absent


def test_the_list_names_every_profile_with_its_document(capsys):
    assert run(["profiles", "list"]) == 0
    assert "goto/2.1" in (out := capsys.readouterr().out)
    assert "Minimal Firewall Settings for the GoTo App, version 2.1" in out


def test_the_list_as_json(capsys):
    assert run(["profiles", "list", "-o", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "callgate.profiles/1"
    (goto,) = listed["profiles"]
    assert goto["name"] == "goto/2.1"
    assert goto["document"]["version"] == "2.1"
    assert goto["scenarios"] == ["unrestricted", "turn-udp", "turn-tcp-3478", "turn-tcp-443"]
    assert goto["products"] == ["meeting", "training"]


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_what_is_shown_is_the_profile_itself(capsys, output):
    assert run(["profiles", "show", "goto", "-o", output]) == 0
    assert load_profile(capsys.readouterr().out, "out") == find("goto")


@pytest.mark.parametrize("output", ["table", "markdown"])
def test_tables_show_every_entry_with_its_place_in_the_document(capsys, monkeypatch, output):
    monkeypatch.setattr("callgate.cli.terminal.PIPE_WIDTH", 1000)  # nothing is wrapped
    assert run(["profiles", "show", "goto/2.1", "-o", output]) == 0
    out = capsys.readouterr().out
    goto = find("goto")
    shown = [
        *(each.id for each in (*goto.domains, *goto.scenarios, *goto.ladder, *goto.remarks)),
        *(str(pattern) for each in goto.domains for pattern in each.patterns),
        *(need.id for scenario in goto.scenarios for need in scenario.needs),
        *(remark.id for scenario in goto.scenarios for remark in scenario.quality),
        *(
            str(net)
            for each in goto.networks
            if isinstance(each.prefixes, tuple)
            for net in each.prefixes
        ),
        str(Absent.UNPUBLISHED),
        str(Absent.UNSTATED),
        "Proxy configuration notes",
    ]
    assert [text for text in shown if text not in out] == []


def test_an_unknown_profile_is_a_usage_error(capsys):
    assert run(["profiles", "show", "gotoo"]) == 2
    assert capsys.readouterr().err == (
        "error: there is no profile 'gotoo'; did you mean 'goto'?\nhint: there are goto/2.1\n"
    )


@pytest.fixture
def good(capsys):
    run(["profiles", "show", "goto", "-o", "yaml"])
    return capsys.readouterr().out


def test_good_files_are_ok_and_bad_ones_are_told_together(tmp_path, monkeypatch, capsys, good):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(good)
    (tmp_path / "bad.yaml").write_text(good.replace("\nladder:", "\nlader:"))
    assert run(["profiles", "validate", "bad.yaml", "good.yaml", "none.yaml"]) == 2
    out, err = capsys.readouterr()
    line = good[: good.index("\nladder:")].count("\n") + 2
    assert out == "good.yaml: ok\n"
    assert err == (
        f"bad.yaml:{line}:1: unknown key `lader`\n"
        "    hint: did you mean `ladder`?\n"
        "none.yaml: cannot read: No such file or directory\n"
        "    hint: names are relative to the current directory; '-' is standard input\n"
    )
    assert run(["profiles", "validate", "good.yaml"]) == 0


def test_standard_input_can_be_validated(monkeypatch, capsys, good):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(good.encode())))
    assert run(["profiles", "validate", "-"]) == 0
    assert capsys.readouterr().out == "<stdin>: ok\n"

"""``callgate lab faults``, as a user sees it."""

import json

import pytest

from callgate.cli.main import run
from callgate.lab.faults import Path, names


def listed(capsys, *arguments):
    assert run(["lab", "faults", *arguments]) == 0
    return capsys.readouterr().out


def test_the_table_has_every_fault(capsys):
    out = listed(capsys, "-o", "csv")
    assert [line.split(",")[0] for line in out.splitlines()[1:] if line[0].islower()][:2] == [
        "dns-drop",
        "dns-reject",
    ]
    assert all(f"\n{name}," in out.replace("\r", "") for name in names())


def test_one_fault_by_name(capsys):
    out = listed(capsys, "udp-drop")
    assert "udp-direct, udp-relay: blocked: drop, silence (firewall)" in " ".join(
        out.replace("│", "").split()
    )
    assert "udp-reject" not in out


def test_a_family_and_a_harmless_fault_are_said(capsys):
    out = listed(capsys, "ipv6-drop", "nat-symmetric", "-o", "markdown")
    assert "(IPv6 only)" in out
    assert "all work" in out


def test_json_names_every_path(capsys):
    found = json.loads(listed(capsys, "udp-drop", "-o", "json"))
    assert found["schema"] == "callgate.faults/1"
    (fault,) = found["faults"]
    assert set(fault["paths"]) == {str(path) for path in Path}
    assert fault["paths"]["signalling"] == {"outcome": "works"}
    assert fault["paths"]["udp-relay"] == {
        "outcome": "blocked",
        "cause": "drop",
        "sign": "silence",
        "hard": False,
        "step": "reach",
        "place": "firewall",
    }


def test_a_typo_is_a_usage_error(capsys):
    assert run(["lab", "faults", "udp-dorp"]) == 2
    assert "did you mean 'udp-drop'" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_output_is_the_same_each_time(capsys, form):
    assert listed(capsys, "-o", form) == listed(capsys, "-o", form)

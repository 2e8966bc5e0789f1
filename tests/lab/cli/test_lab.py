import json
import sys

import pytest

from callgate.cli.main import run
from callgate.lab import paths
from callgate.netns import Rights
from tests.lab.requirements import require


@pytest.fixture
def _lab():
    require("ip", "nft", "conntrack", "turnserver", "squid")


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_every_case_goes_as_the_document_says(capsys):
    assert run(["lab", "run", "goto", "--family", "4", "-o", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "callgate.lab/1"
    assert found["differences"] == []
    assert all(call["path"] == call["expected"] for call in found["calls"])
    assert {call["path"] for call in found["calls"]} == {
        "udp-direct",
        "udp-relay",
        "tcp-relay",
        "tls-relay",
        "tcp-relay@proxy",
        "tls-relay@proxy",
        "none",
    }
    for call in found["calls"]:
        quality = call["client"]["quality"]
        assert (quality is None) == (call["path"] == "none")
        assert quality is None or quality["loss"] < 0.2


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_the_same_over_ipv6_with_iptables(capsys):
    arguments = ["lab", "run", "goto", "--scenario", "turn-udp", "--family", "6"]
    assert run([*arguments, "--dialect", "iptables"]) == 0
    out = capsys.readouterr().out
    assert out.count("IPv6") == 2
    assert "wrong" not in out


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_the_clients_word_is_not_believed(capsys, monkeypatch):
    monkeypatch.setattr(paths, "grown", lambda before, after: {})
    arguments = ["lab", "run", "goto", "--scenario", "unrestricted", "--family", "4"]
    assert run(arguments) == 1
    assert "none (wrong)" in capsys.readouterr().out


def test_a_dry_run_prints_the_commands_and_makes_nothing(capsys, monkeypatch):
    module = sys.modules.get("callgate.cli.lab") or __import__(
        "callgate.cli.lab", fromlist=["command"]
    )
    monkeypatch.setattr(module, "may_make_namespaces", pytest.fail)
    assert (
        run(
            [
                "lab",
                "run",
                "goto",
                "--dry-run",
                "--client",
                "192.0.2.64/26",
                "--network",
                "turn-networks=203.0.113.0/24",
            ]
        )
        == 0
    )
    captured = capsys.readouterr()
    assert captured.out.startswith("ip -batch -\n    netns add callgate-")
    assert "address add 192.0.2.74/32 dev eth0" in captured.out
    assert "nothing is tried over IPv6" in captured.err


def test_a_file_is_for_one_scenario(capsys, tmp_path):
    path = tmp_path / "my.nft"
    path.write_text("")
    assert run(["lab", "run", "goto", "--config", str(path)]) == 2
    assert "--config goes with one --scenario" in capsys.readouterr().err


def test_an_unknown_scenario_is_named(capsys):
    assert run(["lab", "run", "goto", "--scenario", "turn-upd"]) == 2
    assert "turn-upd" in capsys.readouterr().err


def test_without_rights_it_says_so_and_is_three(capsys, monkeypatch):
    module = __import__("callgate.cli.namespaces", fromlist=["rights"])
    monkeypatch.setattr(module, "rights", lambda: (Rights.NONE, "no rights today"))
    assert run(["lab", "run", "goto", "--scenario", "turn-udp"]) == 3
    assert "cannot place calls here: no rights today" in capsys.readouterr().err


def test_what_is_not_installed_is_named(capsys, monkeypatch):
    module = __import__("callgate.cli.lab", fromlist=["command"])
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    assert run(["lab", "run", "goto", "--scenario", "turn-udp"]) == 2
    err = capsys.readouterr().err
    assert "aioice" in err
    assert "pip install 'callgate[lab]'" in err

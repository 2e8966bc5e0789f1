import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callgate.cli import lab_run as _  # noqa: F401 - so that it can be patched
from callgate.cli.main import run
from callgate.lab import paths
from callgate.netns import Rights
from callgate.netns.ownership import LOCKS
from tests.lab.requirements import require


@pytest.fixture
def _lab():
    require("ip", "nft", "conntrack", "turnserver", "squid")


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_every_case_goes_as_the_document_says(capsys, tmp_path):
    saved = tmp_path / "lab.json"
    assert run(["lab", "run", "goto", "--family", "4", "--save", str(saved)]) == 0
    out = capsys.readouterr().out
    assert "(wrong)" not in out
    assert "Concealed" in out
    found = json.loads(saved.read_text())
    assert (found["schema"], found["client"]) == ("callgate.lab/2", "light")
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
        quality = call["quality"]
        assert (quality is None) == (call["path"] == "none")
        if quality is not None:
            assert quality["loss"] < 0.2
            # One way is shorter than both, whatever the machine does meanwhile.
            assert 0 < min(quality["up"]["p50"], quality["down"]["p50"]) <= quality["rtt_ms"]


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_the_same_over_ipv6_with_iptables(capsys):
    arguments = ["lab", "run", "goto", "--scenario", "turn-udp", "--family", "6"]
    assert run([*arguments, "--dialect", "iptables"]) == 0
    out = capsys.readouterr().out
    assert out.count("│ IPv6 │ udp-relay │ udp-relay │") == 2
    assert "wrong" not in out


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_calls_side_by_side_are_told_in_order(capsys):
    # The last two end first.
    arguments = ["lab", "run", "goto", "--scenario", "turn-udp,unrestricted", "--family", "4"]
    assert run([*arguments, "--jobs", "4", "-o", "json"]) == 0
    calls = json.loads(capsys.readouterr().out)["calls"]
    assert [(call["scenario"], call["network"]) for call in calls] == [
        ("turn-udp", "direct"),
        ("turn-udp", "proxy set, UDP open"),
        ("unrestricted", "direct"),
        ("unrestricted", "proxy set, UDP open"),
    ]


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_ctrl_c_ends_all_networks_at_once():
    command = [sys.executable, "-m", "callgate", "lab", "run", "goto"]
    arguments = ["--scenario", "turn-tcp-443", "--jobs", "2"]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        while "tls-relay" not in running.stderr.readline():
            assert running.poll() is None
        owned = {path.name for path in LOCKS.iterdir() if held_by(running.pid, path)}
        assert len(owned) == 2
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert time.monotonic() - begun < 5
    assert (running.returncode, out, err.split()[-1]) == (130, "", "interrupted")
    assert not owned & {path.name for path in LOCKS.iterdir()}


def held_by(process, lock):
    """Whether a process has a file open."""
    return any(each.resolve() == lock for each in Path(f"/proc/{process}/fd").iterdir())


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_the_clients_word_is_not_believed(capsys, monkeypatch):
    monkeypatch.setattr(paths, "grown", lambda before, after: {})
    arguments = ["lab", "run", "goto", "--scenario", "unrestricted", "--family", "4"]
    assert run(arguments) == 1
    assert "none (wrong)" in capsys.readouterr().out


def test_a_dry_run_prints_the_commands_and_makes_nothing(capsys, monkeypatch):
    module = sys.modules["callgate.cli.lab_run"]
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
    path.write_text("table inet t { }")
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
    module = sys.modules["callgate.cli.lab_needs"]
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    assert run(["lab", "run", "goto", "--scenario", "turn-udp"]) == 2
    err = capsys.readouterr().err
    assert "aioice" in err
    assert f"{sys.executable} -m pip install 'callgate[lab]'" in err


def test_a_place_that_cannot_be_written_is_found_before_anything_is_tried(capsys, tmp_path):
    there = str(tmp_path / "missing" / "lab.json")
    assert run(["lab", "run", "goto", "--save", there]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_what_a_browser_needs_is_asked_for_only_with_a_browser(capsys, monkeypatch):
    module = sys.modules["callgate.cli.lab_needs"]
    found = module.importlib.util.find_spec
    monkeypatch.setattr(
        module.importlib.util, "find_spec", lambda name: None if name == "aiortc" else found(name)
    )
    command = sys.modules["callgate.cli.lab_run"]
    monkeypatch.setattr(command, "may_make_namespaces", lambda purpose: False)
    assert run(["lab", "run", "goto"]) == 3
    assert run(["lab", "run", "goto", "--browser"]) == 2
    assert "not installed: aiortc" in capsys.readouterr().err


FLAGS = ["--client", "192.0.2.0/24", "--network", "turn-networks=203.0.113.0/24"]
RESTORE = """\
# Generated by iptables-save
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -s 192.0.2.0/24 -d 198.51.100.53 -p udp --dport 53 -j ACCEPT
-A FORWARD -s 192.0.2.0/24 -d 198.51.100.53 -p tcp --dport 53 -j ACCEPT
-A FORWARD -s 192.0.2.0/24 -d 203.0.113.0/24 -p udp --dport 3478 -j ACCEPT
-A FORWARD -s 192.0.2.0/24 -p tcp --dport 443 -j ACCEPT
-A FORWARD -p udp -j REJECT
COMMIT
"""


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("", "", 0, "udp-relay"),
        ("--dport 3478", "--dport 3479", 1, "closed, should be open: udp 3478"),
        ("--dport 443", "--sport 443", 1, "closed, should be open: tcp 443"),
        ("--dport 53", "--dprot 53", 2, "iptables-restore"),
    ],
)
def test_an_iptables_file_is_tried_and_the_other_family_is_not(
    capsys, tmp_path, old, new, code, said
):
    path = tmp_path / "rules.v4"
    path.write_text(RESTORE.replace(old, new))
    arguments = ["lab", "run", "goto", "--scenario", "turn-udp", "--config", str(path)]
    assert run([*arguments, *FLAGS]) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert "IPv6" not in captured.out


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_a_call_under_a_fault_takes_the_best_path_that_is_left(capsys, tmp_path):
    saved = tmp_path / "lab.json"
    arguments = ["--scenario", "turn-udp", "--family", "4", "--save", str(saved)]
    assert run(["lab", "run", "goto", *arguments, "--fault", "udp-3478-reject"]) == 0
    assert "direct, udp-3478-reject" in capsys.readouterr().out.replace("\n", "")
    found = json.loads(saved.read_text())
    assert found["faults"] == ["udp-3478-reject"]
    assert {call["path"] for call in found["calls"]} == {"tls-relay", "tls-relay@proxy"}
    assert {call["expected"] for call in found["calls"]} == {"tls-relay", "tls-relay@proxy"}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (["udp-dorp"], "did you mean 'udp-drop'"),
        (["udp-drop", "udp-drop"], "given twice"),
        (["proxy-bumps", "proxy-hangs"], "do not combine: more than one changes: proxy"),
    ],
)
def test_faults_that_cannot_be_had_are_refused_before_anything_starts(capsys, faults, said):
    options = [option for name in faults for option in ("--fault", name)]
    assert run(["lab", "run", "goto", *options]) == 2
    assert said in capsys.readouterr().err

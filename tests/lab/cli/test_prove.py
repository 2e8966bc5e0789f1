import json
import os
import pty
import subprocess
import sys

import pytest

from callgate.cli.main import run
from callgate.dialects.nftables import Nftables
from tests.lab.requirements import require

FEW = ["prove", "goto", "--scenario", "turn-udp", "--ports", "20"]


@pytest.fixture
def _lab():
    require("ip", "nft", "iptables-restore", "ip6tables-restore")


class Careless(Nftables):
    """A dialect that forgets one port and opens another."""

    def generate(self, policy):
        rules, *scripts = super().generate(policy)
        text = rules.text.replace("udp dport 3478", "udp dport 3479")
        assert text != rules.text
        return (type(rules)(rules.name, text, rules.purpose), *scripts)


@pytest.fixture
def careless(monkeypatch):
    registry = sys.modules["callgate.dialects.registry"]
    monkeypatch.setitem(registry.BUILT_IN, "careless", f"{__name__}:Careless")


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_what_is_expected_and_what_is_observed_stand_side_by_side(capsys):
    assert run(FEW) == 0
    captured = capsys.readouterr()
    rows = [line for line in captured.out.splitlines() if "equal" in line]
    assert [row.split("│")[2].strip() for row in rows] == ["nftables"] * 2 + ["iptables"] * 2
    assert captured.out.count("udp 3478") == 8
    assert "documentation" in captured.err
    assert "\r" not in captured.err, "no progress where nobody watches"


@pytest.mark.lab
@pytest.mark.usefixtures("_lab", "careless")
def test_a_wrong_ruleset_is_one_and_the_difference_is_named(capsys):
    assert run([*FEW, "--dialect", "careless", "--family", "4"]) == 1
    out = capsys.readouterr().out
    assert "different" in out
    assert "turn-udp, careless: closed, should be open: udp 3478 to 203.0.113.7" in out
    assert "turn-udp, careless: open, should be closed: udp 3479 to 203.0.113.7" in out


@pytest.mark.lab
@pytest.mark.usefixtures("_lab", "careless")
def test_json_says_the_same(capsys):
    assert run([*FEW, "--dialect", "nftables,careless", "-o", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "callgate.prove/1"
    good, bad = data["cases"]
    assert (good["holds"], good["differences"]) == (True, [])
    assert good["families"]["IPv6"]["expected"] == good["families"]["IPv6"]["observed"]
    assert not bad["holds"]
    assert bad["differences"]


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_the_users_own_networks_are_used(capsys):
    own = ["--client", "10.0.0.0/8", "--network", "turn-networks=198.51.100.0/24"]
    assert run([*FEW, *own, "--family", "4", "--resolver", "10.0.0.53", "-o", "csv"]) == 0
    captured = capsys.readouterr()
    assert "to resolvers: udp 53, tcp 53,443" in captured.out
    assert "documentation" not in captured.err


@pytest.mark.lab
@pytest.mark.usefixtures("_lab")
def test_a_terminal_sees_progress():
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "callgate", *FEW, "--dialect", "nftables"],
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert done.returncode == 0
    assert b"1/1 turn-udp, nftables: IPv4 tcp out" in shown


def _read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other end is closed
        return b""


def test_without_the_rights_it_says_so_and_is_inconclusive(monkeypatch, capsys):
    monkeypatch.setattr("callgate.netns.commands._SYSTEM_PATH", "/nonexistent")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert run(FEW) == 3
    captured = capsys.readouterr()
    assert "cannot prove anything here: not installed: ip, nft" in captured.err
    assert not captured.out


@pytest.mark.parametrize("ports", ["-1", "70000", "some", "²"])
def test_a_wrong_number_of_ports_is_refused(ports, capsys):
    assert run(["prove", "goto", "--ports", ports]) == 2
    assert "--ports" in capsys.readouterr().err


def test_a_target_without_a_kernel_is_refused(capsys):
    assert run([*FEW, "--dialect", "pac"]) == 2
    assert "proxy.pac" in capsys.readouterr().err

"""One policy in two dialects: each has its own name for the way through, both mean the same."""

import json

import pytest

from callgate.cli.main import run

CLIENT = ["--client", "10.20.0.0/16", "--family", "4", "--resolver", "10.20.0.53"]
SITE = [*CLIENT, "--network", "turn-networks=198.51.100.0/24"]
HOST = ["--on", "host", "--family", "4", "--resolver", "10.20.0.53"]


def generated(capsys, path, scenario: str, dialect: str, site: list[str]) -> str:
    code = run(["generate", "goto", "--scenario", scenario, "--dialect", dialect, *site])
    text = capsys.readouterr().out
    assert code == 0
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("scenario", ["unrestricted", "turn-udp", "turn-tcp-3478", "turn-tcp-443"])
def test_every_scenario_means_the_same_in_nftables_and_iptables(capsys, tmp_path, scenario):
    nft = generated(capsys, tmp_path / "a.nft", scenario, "nftables", SITE)
    # The policy blocks IPv6 in a file of its own: only the one for IPv4 is compared.
    both = generated(capsys, tmp_path / "both", scenario, "iptables", SITE)
    ipt = tmp_path / "a.v4"
    ipt.write_text((tmp_path / "both").read_text().partition("# ==> rules.v6")[0])
    for old, new in ((nft, str(ipt)), (str(ipt), nft), (both, str(ipt))):
        run(["diff", old, new, "-o", "json"])
        found = json.loads(capsys.readouterr().out)
        assert found["changes"] == [], (old, new)


def test_a_difference_between_dialects_is_shown(capsys, tmp_path):
    nft = generated(capsys, tmp_path / "a.nft", "turn-tcp-443", "nftables", SITE)
    ipt = generated(capsys, tmp_path / "a.v4", "turn-udp", "iptables", SITE)
    assert run(["diff", nft, ipt]) == 1
    out = capsys.readouterr().out
    assert "3478" in out
    assert "by a line of" not in out
    assert run(["check", "goto", ipt, *SITE, "--scenario", "turn-udp", "--baseline", nft]) == 0
    assert "3478" in capsys.readouterr().out


def test_a_baseline_that_cannot_be_read_leaves_stdout_empty(capsys, tmp_path):
    nft = generated(capsys, tmp_path / "a.nft", "turn-udp", "nftables", SITE)
    assert run(["check", "goto", nft, *SITE, "--baseline", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_a_baseline_never_makes_two_documents_of_one(capsys, tmp_path, output):
    nft = generated(capsys, tmp_path / "a.nft", "turn-udp", "nftables", SITE)
    assert run(["check", "goto", nft, *SITE, "--baseline", nft, "-o", output]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "jsonl" in said.err


@pytest.mark.parametrize("dialect", ["nftables", "iptables"])
def test_what_a_host_says_to_itself_is_no_excess(capsys, tmp_path, dialect):
    rules = generated(capsys, tmp_path / "host", "turn-tcp-443", dialect, HOST)
    asked = ["check", "goto", rules, *HOST, "--scenario", "turn-tcp-443", "--fail-on", "excess"]
    code = run(asked)
    assert (code, "protocols" in capsys.readouterr().out) == (0, False)


def test_another_interface_of_a_host_is_excess(capsys, tmp_path):
    rules = generated(capsys, tmp_path / "host", "turn-tcp-443", "nftables", HOST)
    (tmp_path / "host").write_text((tmp_path / "host").read_text().replace('"lo"', '"lo0"'))
    asked = ["check", "goto", rules, *HOST, "--scenario", "turn-tcp-443", "--fail-on", "excess"]
    assert run(asked) == 1


def test_a_host_that_no_longer_talks_to_itself_has_changed(capsys, tmp_path):
    old = generated(capsys, tmp_path / "old.nft", "turn-tcp-443", "nftables", HOST)
    new = tmp_path / "new.nft"
    new.write_text((tmp_path / "old.nft").read_text().replace('"lo"', '"lo0"'))
    assert run(["diff", old, str(new), "--on", "host"]) == 1

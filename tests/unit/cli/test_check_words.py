"""What ``check``, ``diff`` and ``explain`` say to people, on rules with every kind of trouble."""

import json

import pytest

from callgate.cli.main import run

RULES = """
table ip filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established accept
		ip daddr 192.0.2.9 drop
		tcp dport 443 limit rate 5/second accept
		tcp dport 80 accept
		ip saddr 10.0.0.0/8 tcp dport 80 ct state new drop
		udp dport 3478 meta mark 7 queue num 3
	}
}
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat;
		oifname "wan" masquerade
	}
}
"""
SITE = ["--client", "10.0.0.0/8", "--network", "turn-networks=198.51.100.0/24"]


@pytest.fixture
def rules(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fw.nft").write_text(RULES)
    return "fw.nft"


def said(capsys, *arguments: str) -> tuple[int, str]:
    code = run(list(arguments))
    return code, capsys.readouterr().out


def test_conditions_and_translation_are_named(capsys, rules):
    code, out = said(capsys, "check", "goto", rules, *SITE, "--scenario", "turn-tcp-443")
    assert code == 1
    assert "TCP 443 → All: blocked at fw.nft" in out
    assert "line    fw.nft:6:3: ip daddr 192.0.2.9 drop" in out
    assert 'masquerade touches it: fw.nft:16:17: oifname "wan" masquerade' in out
    assert "Not modelled: " in out
    assert "shadowed" not in out  # kinds are for programs, people get the sentence
    assert "fw.nft:9:3: warning: earlier lines take all its packets" in out
    # Address translation decides nothing, so its lines are not called dead.
    assert "comes to its chain" not in out


def test_an_answer_that_hangs_on_a_condition_is_inconclusive(capsys, rules, tmp_path):
    (tmp_path / "fw.nft").write_text(RULES.replace("\t\tip daddr 192.0.2.9 drop\n", ""))
    code, out = said(capsys, "check", "goto", rules, *SITE, "--scenario", "turn-tcp-443")
    assert code == 3
    assert "depends on: limit rate 5/second" in out
    assert "taking  not (limit rate 5/second)" in out


def test_what_we_cannot_follow_is_unknown(capsys, rules):
    code, out = said(capsys, "explain", rules, "--packet", "udp 10.0.0.5:50000 > 198.51.100.7:3478")
    assert code == 3
    assert "cannot be told" in out or "may pass or not" in out


def test_paths_are_told_only_when_they_are_proved(capsys, rules):
    out = said(capsys, "check", "goto", rules, *SITE)[1]
    assert "No path for media is proved to be open." in out


def test_without_a_scenario_blocked_and_doubtful_ones_are_inconclusive(capsys, rules, tmp_path):
    (tmp_path / "fw.nft").write_text(RULES.replace("\t\tip daddr 192.0.2.9 drop\n", ""))
    code, out = said(capsys, "check", "goto", rules, *SITE, "-o", "json")
    verdicts = {each["id"]: each["verdict"] for each in json.loads(out)["scenarios"]}
    assert verdicts["unrestricted"] == "blocked"
    assert verdicts["turn-tcp-443"] == "depends"
    assert code == 3


def test_diff_in_words(capsys, rules, tmp_path):
    (tmp_path / "new.nft").write_text(RULES.replace("tcp dport 80 accept", "tcp dport 81 accept"))
    code, out = said(capsys, "diff", rules, "new.nft")
    assert code == 1
    assert "fw.nft and new.nft differ in 2 kinds of service" in out
    assert "opened: IPv4 TCP 81" in out
    assert "closed: IPv4 TCP 80" in out
    assert "before: fw.nft:8:3: tcp dport 80 accept" in out
    assert "after: new.nft:8:3: tcp dport 81 accept" in out


def test_a_baseline_tells_what_changed(capsys, rules, tmp_path):
    (tmp_path / "old.nft").write_text(RULES.replace("tcp dport 80 accept", "continue"))
    out = said(capsys, "check", "goto", rules, *SITE, "--baseline", "old.nft")[1]
    assert "opened: IPv4 TCP 80" in out


def test_includes_are_read_beside_the_file(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "etc"
    (folder / "rules.d").mkdir(parents=True)
    (folder / "rules.d" / "one.nft").write_text("add rule inet f c tcp dport 443 accept\n")
    (folder / "fw.nft").write_text(
        "table inet f { chain c { type filter hook forward priority 0; policy drop; "
        'ct state established accept; } }\ninclude "rules.d/*.nft"\n'
    )
    code, out = said(
        capsys, "check", "goto", "etc/fw.nft", "--client", "10.0.0.0/8", "--family", "4",
        "--scenario", "turn-tcp-443", "-o", "json",
    )  # fmt: skip
    assert code == 0
    evidence = json.loads(out)["scenarios"][0]["needs"][0]["evidence"][0]
    assert evidence["line"]["file"] == "etc/rules.d/one.nft"


TWO_WAYS = """
interface Gi0/0
 ip access-group IN in
interface Gi0/1
 ip access-group OUT in
ip access-list extended IN
 permit tcp any any eq 443
ip access-list extended OUT
 permit tcp any any established
"""


def test_a_way_through_must_be_named_when_there_are_several(capsys, tmp_path):
    path = tmp_path / "router.cfg"
    path.write_text(TWO_WAYS)
    arguments = ["check", "goto", str(path), "--client", "10.0.0.0/8", "--family", "4"]
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert "there are several ways through it" in err
    assert "--interface" in err
    assert run([*arguments, "--interface", "Gi9"]) == 2
    assert "no entry 'Gi9'" in capsys.readouterr().err
    named = [*arguments, "--in", "Gi0/0", "--out", "Gi0/1", "--scenario", "turn-tcp-443"]
    assert run(named) == 0


def test_standard_input_can_be_checked(capsys, monkeypatch, tmp_path):
    path = tmp_path / "stdin"
    path.write_text(RULES)
    with path.open("rb") as file:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": file})())
        code, out = said(capsys, "check", "goto", "-", *SITE, "-o", "json")
    assert code in (1, 3)
    assert json.loads(out)["source"] == "<stdin>"


def test_an_empty_folder_is_an_error(capsys, tmp_path):
    assert run(["check", "goto", str(tmp_path)]) == 2
    assert "no file below" in capsys.readouterr().err

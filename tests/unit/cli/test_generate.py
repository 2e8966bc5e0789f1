import os

import pytest

from callgate.cli.main import run

ARGUMENTS = [
    "generate", "goto", "--client", "10.0.0.0/8", "--network", "turn-networks=198.51.100.0/24",
    "--family", "4", "--scenario", "turn-udp",
]  # fmt: skip


def test_the_configuration_goes_to_standard_output_and_notes_do_not(capsys):
    assert run([*ARGUMENTS, "--dialect", "nftables"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("#!")
    assert "198.51.100.0/24" in captured.out
    assert "rollback.sh come with it" in captured.err
    assert "note:" not in captured.out


def test_a_directory_gets_every_file_and_scripts_can_run(capsys, tmp_path):
    folder = tmp_path / "new" / "nft"
    assert run([*ARGUMENTS, "--dialect", "nftables", "-d", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    assert {"apply.sh", "rollback.sh"} < names
    assert os.access(folder / "apply.sh", os.X_OK)
    assert not capsys.readouterr().out


def test_by_domain_brings_the_resolvers_file_and_says_what_it_cannot(capsys, tmp_path):
    assert run([*ARGUMENTS, "--dialect", "nftables", "--by-domain", "-d", str(tmp_path)]) == 0
    assert {"callgate.nft", "callgate-dnsmasq.conf"} < {path.name for path in tmp_path.iterdir()}
    assert "excess: callgate.nft: " in capsys.readouterr().err


def test_a_dialects_option_reaches_its_file(capsys):
    assert run([*ARGUMENTS, "--dialect", "squid", "--option", "tls=splice"]) == 0
    assert "ssl_bump terminate all" in capsys.readouterr().out


def test_the_same_input_gives_the_same_bytes(capsys):
    run([*ARGUMENTS, "--dialect", "iptables"])
    first = capsys.readouterr().out
    run([*ARGUMENTS, "--dialect", "iptables"])
    assert capsys.readouterr().out == first


def test_diff_is_empty_for_what_is_deployed_and_shows_what_is_not(capsys, tmp_path):
    run([*ARGUMENTS, "--dialect", "nftables"])
    deployed = tmp_path / "deployed.nft"
    deployed.write_text(capsys.readouterr().out)
    assert run([*ARGUMENTS, "--dialect", "nftables", "--diff", str(deployed)]) == 0
    assert not capsys.readouterr().out
    deployed.write_text(deployed.read_text().replace("dport 3478", "dport 3479"))
    assert run([*ARGUMENTS, "--dialect", "nftables", "--diff", str(deployed)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [f"--- {deployed}", "+++ generated/callgate.nft"]
    assert any(line.startswith("-") and "3479" in line for line in lines)
    assert any(line.startswith("+") and "3478" in line for line in lines)


def test_diff_of_a_directory_compares_each_file(tmp_path, capsys):
    run([*ARGUMENTS, "--dialect", "iptables", "-d", str(tmp_path)])
    assert run([*ARGUMENTS, "--dialect", "iptables", "--diff", str(tmp_path)]) == 0
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["--dialect", "nftable"], "did you mean"),
        (["--dialect", "nftables", "--scenario", "turn-upd"], "no scenario 'turn-upd'"),
        (["--dialect", "iptables", "--by-domain"], "domain"),
        (["--dialect", "nftables", "--into", "filter"], "TABLE/CHAIN"),
        (["--dialect", "nftables", "--into", "inet filter/forward:0"], "position"),
        (["--dialect", "nftables", "-d", "x", "--diff", "y"], "does not go with"),
        (["--dialect", "pac", "--proxy", "a;b:1"], "--proxy"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(capsys, tmp_path, monkeypatch, changes, said):
    monkeypatch.chdir(tmp_path)
    assert run([*ARGUMENTS, *changes]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out
    assert not list(tmp_path.iterdir())


def test_an_unpublished_list_is_asked_for(capsys):
    assert run(["generate", "goto", "--client", "10.0.0.0/8", "--scenario", "turn-udp",
                "--dialect", "nftables"]) == 2  # fmt: skip
    err = capsys.readouterr().err
    assert "turn-networks, which is unpublished" in err
    assert "--network turn-networks=" in err


def test_networks_are_read_as_pasted(capsys, tmp_path):
    pasted = tmp_path / "pasted.txt"
    pasted.write_text("  • 192.0.2.0/24, 198.51.100.0/25\n\n* 203.0.113.7\n# a comment\n")
    arguments = [*ARGUMENTS, "--dialect", "nftables", "--network", f"turn-networks=@{pasted}"]
    assert run(arguments) == 0
    out = capsys.readouterr().out
    assert "192.0.2.0/24" in out
    assert "198.51.100.0/25" in out
    assert "203.0.113.7" in out


def test_an_output_directory_that_cannot_be_written_is_an_error(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert run([*ARGUMENTS, "--dialect", "pac", "-d", str(tmp_path / "file" / "x")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_flags_for_another_kind_of_device_are_refused(capsys):
    assert run([*ARGUMENTS, "--dialect", "nftables", "--inside", "trust"]) == 2
    assert "nftables has no use for --inside" in capsys.readouterr().err
    assert run([*ARGUMENTS, "--dialect", "nftables", "--option", "app-id=any"]) == 2
    assert "nftables has no option 'app-id'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--before", "deny\nany", "not a name on a device"),
        ("--option", "app-id", "is not NAME=VALUE"),
        ("--option", 'app-id="', "not the value of an option"),
    ],
)
def test_names_and_options_cannot_end_a_string(flag, value, said, capsys):
    assert run([*ARGUMENTS, "--dialect", "nftables", flag, value]) == 2
    assert said in capsys.readouterr().err

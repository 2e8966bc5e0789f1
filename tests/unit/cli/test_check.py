"""``callgate check``, ``explain`` and ``diff`` on rules that ``generate`` made, and on others."""

import json

import pytest

from callgate.cli.main import run

SITE = [
    "--client", "10.20.0.0/16", "--family", "4", "--resolver", "10.20.0.53",
    "--network", "turn-networks=198.51.100.0/24",
]  # fmt: skip


def generated(capsys, scenario: str, *more: str) -> str:
    arguments = ["generate", "goto", "--scenario", scenario, "--dialect", "nftables"]
    assert run([*arguments, *SITE, *more]) == 0
    return capsys.readouterr().out


def checked(capsys, path, *more: str) -> tuple[int, dict]:
    code = run(["check", "goto", str(path), *SITE, "-o", "json", *more])
    return code, json.loads(capsys.readouterr().out)


def verdicts(answer: dict) -> dict[str, str]:
    return {scenario["id"]: scenario["verdict"] for scenario in answer["scenarios"]}


HOLDS = {
    "unrestricted": ["unrestricted", "turn-tcp-443"],
    "turn-udp": ["turn-udp", "turn-tcp-443"],
    "turn-tcp-3478": ["turn-tcp-3478", "turn-tcp-443"],
    "turn-tcp-443": ["turn-tcp-443"],
}


@pytest.mark.parametrize("scenario", HOLDS)
def test_what_was_generated_is_enough_and_no_more(capsys, tmp_path, scenario):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, scenario))
    code, answer = checked(capsys, path)
    assert code == 0
    held = [name for name, verdict in verdicts(answer).items() if verdict == "satisfied"]
    assert held == HOLDS[scenario]
    code, answer = checked(capsys, path, "--scenario", scenario, "--fail-on", "excess")
    assert code == 0
    assert answer["excess"]["total"] == 0


#: What is planted into the rules for turn-udp -> the need that fails, and how.
PLANTED = {
    "range off by one": ("dport 3478", "dport 3477", "UDP 3478", "packet"),
    "wrong protocol": ("udp dport 3478", "tcp dport 3478", "UDP 3478", "packet"),
    "half of the networks": ("198.51.100.0/24", "198.51.100.0/25", "UDP 3478", "packet"),
    "wrong client": (
        "ip saddr 10.20.0.0/16 tcp dport 443",
        "ip saddr 10.20.0.0/17 tcp dport 443",
        "TCP 443",
        "packet",
    ),
    "no state rule": (
        "meta nfproto ipv4 ct state established accept",
        "continue",
        "UDP 3478",
        "answers",
    ),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_found_with_a_packet_and_a_line(capsys, tmp_path, mistake):
    old, new, need, what = PLANTED[mistake]
    rules = generated(capsys, "turn-udp")
    assert old in rules
    path = tmp_path / "fw.nft"
    path.write_text(rules.replace(old, new))
    code, answer = checked(capsys, path, "--scenario", "turn-udp")
    assert code == 1
    (scenario,) = answer["scenarios"]
    failed = next(each for each in scenario["needs"] if each["title"].startswith(need))
    assert failed["verdict"] == "blocked"
    assert failed["answers"] == (what == "answers")
    evidence = failed["evidence"][0]
    assert evidence["packet"]
    lines = path.read_text().splitlines()
    line = lines[evidence["line"]["line"] - 1]
    assert " ".join(line.split()) == evidence["line"]["text"]


def test_the_fix_that_is_shown_is_a_fix(capsys, tmp_path):
    rules = generated(capsys, "turn-udp").splitlines(keepends=True)
    broken = [line for line in rules if "dport 3478" not in line]
    path = tmp_path / "fw.nft"
    path.write_text("".join(broken))
    assert run(["check", "goto", str(path), *SITE, "--scenario", "turn-udp"]) == 1
    out = capsys.readouterr().out.splitlines()
    index = next(i for i, line in enumerate(out) if line.startswith("To let UDP 3478"))
    number = int(out[index].rstrip(":").rpartition(" ")[2])
    path.write_text("".join([*broken[: number - 1], out[index + 1] + "\n", *broken[number - 1 :]]))
    code, answer = checked(capsys, path, "--scenario", "turn-udp", "--fail-on", "excess")
    assert (code, answer["excess"]["total"]) == (0, 0)


def test_excess_is_told_and_fails_only_when_asked(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, "turn-udp").replace("dport 443", "dport { 22, 443 }"))
    code, answer = checked(capsys, path, "--scenario", "turn-udp")
    assert code == 0
    (service,) = answer["excess"]["services"]
    assert (service["protocols"], service["ports"]) == ("TCP", [[22, 22]])
    assert checked(capsys, path, "--scenario", "turn-udp", "--fail-on", "excess")[0] == 1


def test_a_list_that_is_not_known_gives_unknown_or_blocked_but_never_a_guess(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, "turn-udp"))
    site = [each for each in SITE if "turn-networks" not in each and each != "--network"]
    assert run(["check", "goto", str(path), *site, "-o", "json", "--scenario", "turn-udp"]) == 3
    (scenario,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert scenario["verdict"] == "unknown"
    assert (
        run(["check", "goto", str(path), *site, "-o", "json", "--scenario", "turn-tcp-3478"]) == 1
    )
    (scenario,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert scenario["verdict"] == "blocked"


def test_devices_in_series_must_both_let_it_pass(capsys, tmp_path):
    edge, core = tmp_path / "edge.nft", tmp_path / "core.nft"
    edge.write_text(generated(capsys, "turn-udp"))
    core.write_text(generated(capsys, "turn-tcp-443"))
    code, answer = checked(capsys, edge, "--then", str(core), "--scenario", "turn-udp")
    assert code == 1
    failed = [each for each in answer["scenarios"][0]["needs"] if each["verdict"] == "blocked"]
    assert [each["device"] for each in failed] == [str(core)]
    assert checked(capsys, edge, "--then", str(core), "--scenario", "turn-tcp-443")[0] == 0


def test_a_directory_is_checked_file_by_file(capsys, tmp_path):
    for scenario in HOLDS:
        (tmp_path / f"{scenario}.nft").write_text(generated(capsys, scenario))
    code = run(["check", "goto", str(tmp_path), *SITE, "-o", "jsonl", "--scenario", "turn-udp"])
    assert code == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {each["source"].rpartition("/")[2]: verdicts(each)["turn-udp"] for each in answers}
    assert found == {
        f"{name}.nft": "satisfied" if name == "turn-udp" else "blocked" for name in HOLDS
    }


def test_sarif_names_rule_and_line(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, "turn-tcp-443"))
    run(["check", "goto", str(path), *SITE, "-o", "sarif", "--scenario", "turn-udp"])
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("need-blocked", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == str(path)
    assert place["region"]["startLine"] > 1


def test_explain_walks_to_the_line_that_decides(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, "turn-udp"))
    packet = "udp 10.20.0.5:51000 > 198.51.100.7:3478"
    assert run(["explain", str(path), "--packet", packet]) == 0
    assert capsys.readouterr().out.endswith(f"{packet} passes\n")
    assert (
        run(["explain", str(path), "--packet", packet.replace("3478", "3479"), "-o", "json"]) == 1
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "blocked"
    assert "final block" in answer["evidence"][0]["line"]["text"]


def test_diff_shows_what_opened_and_what_closed(capsys, tmp_path):
    old, new = tmp_path / "old.nft", tmp_path / "new.nft"
    old.write_text(generated(capsys, "turn-udp"))
    new.write_text(generated(capsys, "turn-udp"))
    assert run(["diff", str(old), str(new)]) == 0
    assert "accept the same packets" in capsys.readouterr().out
    new.write_text(generated(capsys, "turn-tcp-3478"))
    assert run(["diff", str(old), str(new), "-o", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    changes = {
        (each["opened"], each["protocols"], each["ports"][0][0]) for each in answer["changes"]
    }
    assert changes == {(True, "TCP", 3478), (False, "UDP", 3478)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\x00\x01\x02", "NUL"),
        ("table inet x {}".encode("utf-16"), "UTF-16"),
        (b"hello world\n", "no configuration that we know"),
        (b"table inet f {\n chain c {\n", ":"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(capsys, tmp_path, content, said):
    path = tmp_path / "fw"
    path.write_bytes(content)
    assert run(["check", "goto", str(path), *SITE]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert str(path) in captured.err
    assert not captured.out


def test_crlf_is_read(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    path.write_bytes(generated(capsys, "turn-udp").replace("\n", "\r\n").encode())
    assert checked(capsys, path)[0] == 0


def test_dead_lines_are_told(capsys, tmp_path):
    path = tmp_path / "fw.nft"
    rules = generated(capsys, "turn-udp").splitlines(keepends=True)
    number = next(i for i, line in enumerate(rules) if "tcp dport 443" in line)
    rules.insert(number + 1, "ip saddr 10.20.7.0/24 tcp dport 443 ct state new drop\n")
    path.write_text("".join(rules))
    answer = checked(capsys, path)[1]
    assert [(each["kind"], each["line"]["line"]) for each in answer["findings"]] == [
        ("shadowed", number + 2)
    ]
    assert [each["line"] for each in answer["findings"][0]["related"]] == [number + 1]


@pytest.mark.parametrize("dialect", ["iptables", "cisco-asa", "cisco-ios"])
def test_a_wrong_dialect_is_one_error_with_its_place(capsys, tmp_path, dialect):
    path = tmp_path / "fw.nft"
    path.write_text(generated(capsys, "turn-udp"))
    assert run(["check", "goto", str(path), *SITE, "--dialect", dialect]) == 2
    err = capsys.readouterr().err
    assert f"{path}:1" in err
    assert "nftables" in err


@pytest.mark.parametrize("scenario", HOLDS)
def test_a_host_that_talks_to_itself_opens_nothing(capsys, tmp_path, scenario):
    path = tmp_path / "host.nft"
    path.write_text(generated(capsys, scenario, "--on", "host"))
    code, answer = checked(capsys, path, "--on", "host", "--scenario", scenario)
    assert code == 0
    assert answer["excess"]["total"] == 0
    others = set(verdicts(checked(capsys, path, "--on", "host")[1]).values())
    assert others == ({"satisfied", "blocked"})
    path.write_text(path.read_text().replace('oifname "lo" accept', 'oifname "l*" accept'))
    assert checked(capsys, path, "--on", "host")[1]["excess"]["total"] > 0


def test_a_stub_resolver_is_reached_through_the_loopback(capsys, tmp_path):
    path = tmp_path / "host.nft"
    rules = generated(capsys, "turn-tcp-443", "--on", "host")
    path.write_text("\n".join(line for line in rules.splitlines() if "dport 53" not in line) + "\n")
    arguments = ["check", "goto", str(path), "--on", "host", "--scenario", "turn-tcp-443"]
    assert run([*arguments, "--resolver", "127.0.0.53", "--family", "4"]) == 0
    assert run([*arguments, "--resolver", "192.0.2.53", "--family", "4"]) == 1
    capsys.readouterr()

"""Firewall, proxy, firewall: each is asked for its own stretch, and the guilty one is named."""

import json

import pytest

from callgate.cli.main import run
from tests.support.proxy_mistakes import GOOD

PROXY = "10.9.0.1"
SITE = [
    "--client", "10.20.0.0/16", "--proxy", f"proxy.example.net:3128={PROXY}", "--family", "4",
    "--network", "turn-networks=198.51.100.0/24",
]  # fmt: skip


def firewall(*rules: str) -> str:
    """A router that lets answers pass, and these first packets."""
    lines = "\n".join(f"\t\t{rule} accept" for rule in rules)
    return (
        "table inet filter {\n\tchain forward {\n"
        "\t\ttype filter hook forward priority filter; policy drop;\n"
        f"\t\tct state established accept\n{lines}\n\t}}\n}}\n"
    )


INSIDE = firewall(
    f"ip saddr 10.20.0.0/16 ip daddr {PROXY} tcp dport 3128", "ip saddr 10.20.0.0/16 udp dport 3478"
)
OUTSIDE = firewall(f"ip saddr {PROXY} tcp dport 443")


@pytest.fixture
def files(tmp_path):
    """The three configurations, by name; a test may overwrite one."""
    for name, text in (("inside.nft", INSIDE), ("squid.conf", GOOD), ("outside.nft", OUTSIDE)):
        (tmp_path / name).write_text(text)
    return tmp_path


def series(capsys, files, scenario="turn-udp"):
    """Check all three in order; exit code and answer."""
    inside, proxy, outside = (str(files / n) for n in ("inside.nft", "squid.conf", "outside.nft"))
    arguments = ["check", "goto", inside, "--then", proxy, "--then", outside, *SITE]
    code = run([*arguments, "--scenario", scenario, "-o", "json"])
    return code, json.loads(capsys.readouterr().out)


def guilty(answer):
    """Who does not let something pass: (need, device's file name)."""
    return {
        (need["id"], need["device"].rpartition("/")[2])
        for scenario in answer["scenarios"]
        for need in scenario["needs"]
        if need["verdict"] != "satisfied"
    }


def test_all_three_are_enough_together(capsys, files):
    code, answer = series(capsys, files)
    assert (code, guilty(answer)) == (0, set())
    assert answer["paths"] == ["udp-relay", "tls-relay@proxy"]
    assert [device["dialect"] for device in answer["devices"]] == ["nftables", "squid", "nftables"]
    assert answer["excess"]["total"] == 0


@pytest.mark.parametrize(
    ("name", "text", "need"),
    [
        ("inside.nft", firewall("udp dport 3478"), "turn-udp.signalling.to-proxy"),
        ("inside.nft", firewall("tcp dport 3128"), "turn-udp.media"),
        ("squid.conf", GOOD.replace(" .jive.com", ""), "turn-udp.signalling.connect"),
        ("outside.nft", firewall("tcp dport 80"), "turn-udp.signalling.from-proxy"),
    ],
)
def test_the_guilty_device_is_named(capsys, files, name, text, need):
    (files / name).write_text(text)
    code, answer = series(capsys, files)
    assert (code, guilty(answer)) == (1, {(need, name)})


def test_a_path_needs_every_stretch(capsys, files):
    code, answer = series(capsys, files, "turn-tcp-3478")
    assert (code, guilty(answer)) == (1, {("turn-tcp-3478.media.from-proxy", "outside.nft")})
    assert answer["paths"] == ["tls-relay@proxy"]
    (files / "outside.nft").write_text(firewall(f"ip saddr {PROXY} tcp dport {{ 443, 3478 }}"))
    assert series(capsys, files, "turn-tcp-3478")[1]["paths"] == [
        "tcp-relay@proxy",
        "tls-relay@proxy",
    ]


def test_a_firewall_beside_a_proxy_must_know_where_it_is(capsys, files):
    inside, proxy = str(files / "inside.nft"), str(files / "squid.conf")
    assert run(["check", "goto", inside, "--then", proxy, "--client", "10.20.0.0/16"]) == 2
    assert "--proxy HOST:PORT=ADDRESS" in capsys.readouterr().err


def test_clients_that_are_sent_to_another_port_are_told(capsys, files):
    site = [word.replace("3128", "8080") for word in SITE]
    run(["check", "goto", str(files / "squid.conf"), *site, "-o", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [each["kind"] for each in found] == ["no-listener"]


def test_the_port_that_clients_use_decides_whether_they_are_inspected(capsys, files):
    both = GOOD.replace("ssl_bump splice app\n", "").replace("ssl_bump splice app_sni\n", "")
    (files / "squid.conf").write_text("http_port 8080\n" + both)
    path = str(files / "squid.conf")
    for port, code in (("3128", 1), ("8080", 0)):
        site = [word.replace("3128", port) for word in SITE]
        assert run(["check", "goto", path, *site, "--scenario", "turn-tcp-443"]) == code
    capsys.readouterr()
    either = ["check", "goto", path, "--client", "10.20.0.0/16", "--scenario", "turn-tcp-443"]
    assert run(either) == 3
    assert "the client connects to port 3128, which inspects" in capsys.readouterr().out


def test_commands_about_packets_say_that_a_proxy_has_none(capsys, files):
    path = str(files / "squid.conf")
    assert run(["explain", path, "--packet", "tcp 10.0.0.1:5 > 192.0.2.1:443"]) == 2
    assert run(["diff", path, path]) == 2
    assert run(["check", "goto", path, "--baseline", path]) == 2
    assert "callgate check" in capsys.readouterr().err


def test_a_table_names_request_and_line(capsys, files):
    path = files / "squid.conf"
    path.write_text(GOOD.replace(" .jive.com", ""))
    run(["check", "goto", str(path), *SITE, "--scenario", "turn-udp"])
    out = capsys.readouterr().out
    assert "request CONNECT any-name.jive.com:443" in out
    assert f"line    {path}:11: http_access deny all" in out

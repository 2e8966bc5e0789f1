"""What ``generate`` writes for Squid is what ``check`` asks for, and no more."""

import json

import pytest

from callgate.cli.main import run

_SITE = ["--client", "10.20.0.0/16", "--network", "turn-networks=198.51.100.0/24"]


@pytest.mark.parametrize("tls", ["plain", "splice", "bump"])
@pytest.mark.parametrize("scenario", ["turn-udp", "turn-tcp-3478", "turn-tcp-443"])
def test_it_is_enough_and_not_too_wide(capsys, tmp_path, scenario, tls):
    what = ["goto", "--scenario", scenario, *_SITE]
    assert run(["generate", *what, "--dialect", "squid", "--option", f"tls={tls}"]) == 0
    path = tmp_path / "squid.conf"
    path.write_text(capsys.readouterr().out)
    arguments = ["check", "goto", str(path), "--scenario", scenario, *_SITE]
    assert run([*arguments, "--fail-on", "excess", "-o", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["findings"] == []
    tcp = {"turn-tcp-3478": ["tcp-relay@proxy", "tls-relay@proxy"]}
    assert answer["paths"] == tcp.get(scenario, ["tls-relay@proxy"])

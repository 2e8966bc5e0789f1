"""The dialect that the documentation shows is found, and keeps the law of all dialects."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callgate.check import Prepared, Question, explain
from callgate.cli.main import run
from callgate.dialects import reading, registry
from callgate.errors import InputError, UnsupportedError
from callgate.flows import Family
from callgate.flows.packet_text import parse_packet
from callgate.policy.build import build
from callgate.policy.site import Apply, Site
from callgate.rules import Action
from tests.support.round_trip import GOTO, Device, check_law, scenarios, sites

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
ENTRY_POINTS = """\
[callgate.dialects]
pf = callgate_pf:Pf
[callgate.readers]
pf = callgate_pf:PfReader
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The example as ``pip`` would install it: its module and its entry points."""
    metadata = tmp_path / "callgate_pf-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: callgate-pf\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "callgate_pf.py").write_text((EXAMPLES / "callgate_pf.py").read_text())
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("installed")
def test_it_is_found_by_its_entry_points():
    assert registry.names()[-1] == "pf"
    assert registry.find("pf").title == reading.find("pf").title == "pf (OpenBSD)"


@pytest.mark.usefixtures("installed")
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_it_keeps_the_law(data):
    device = Device("pf")
    check_law(device, data.draw(sites(device)), data.draw(scenarios()))


@pytest.mark.usefixtures("installed")
def test_what_it_wrote_is_recognised_and_enough(tmp_path, capsys):
    site = [
        "--client",
        "192.0.2.0/24",
        "--family",
        "4",
        "--network",
        "turn-networks=203.0.113.0/24",
    ]
    wanted = [*site, "--scenario", "turn-udp"]
    assert run(["generate", "goto", "--dialect", "pf", "-d", str(tmp_path), *wanted]) == 0
    assert run(["check", "goto", str(tmp_path / "callgate.pf"), *wanted]) == 0
    assert "satisfied" in capsys.readouterr().out


def decided(text, packet):
    """What becomes of a packet: the action of the rule that decides, and its line."""
    prepared = Prepared(reading.find("pf").parse(text, "pf.conf"))
    answer = explain(prepared, Question("forward"), parse_packet(packet)[0])
    return answer.verdict.value, answer.evidence[0].line.place.line


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("rules", "verdict", "line"),
    [
        ("block all\npass inet proto udp from any to any port 3478", "satisfied", 2),
        ("pass inet proto udp from any to any port 3478\nblock all", "blocked", 2),
        ("pass quick inet proto udp from any to any port 3478\nblock all", "satisfied", 1),
        ("block return quick inet6 all\nblock from any to 198.51.100.0/24", "blocked", 2),
    ],
)
def test_the_last_rule_decides_unless_one_is_quick(rules, verdict, line):
    assert decided(rules, "udp 192.0.2.1:40000 > 198.51.100.7:3478") == (verdict, line)


@pytest.mark.usefixtures("installed")
def test_what_it_does_not_read_is_reported_with_its_place():
    ruleset = reading.find("pf").parse("block all\npass in on $wan\nset skip on lo\n", "pf.conf")
    assert [(each.text, each.place.line) for each in ruleset.unmodelled] == [("pass in on $wan", 2)]
    assert ruleset.chains["pf"].rules[0].action is Action.UNMODELLED


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "text", ["", "pass from any to any port 53", "pass quick inet from 192.0.2.1/24 to any"]
)
def test_what_breaks_its_grammar_is_an_error(text):
    with pytest.raises(InputError):
        reading.find("pf").parse(text, "pf.conf")


@pytest.mark.usefixtures("installed")
def test_what_it_cannot_write_is_refused():
    clients = (ip_network("192.0.2.0/24"),)
    by_domain = Site(clients=clients, by_domain=True, families=(Family.V4,))
    merged = Site(clients=clients, apply=Apply.MERGE, families=(Family.V4,))
    for site in (by_domain, merged):
        with pytest.raises(UnsupportedError):
            registry.find("pf").generate(build(GOTO, site, ("turn-tcp-443",)))

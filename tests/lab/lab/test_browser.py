"""Chromium's calls: in the lab's namespace, by the way that the document says."""

import subprocess
from pathlib import Path

import pytest

from callgate.lab.call import Order
from callgate.lab.calls import Chromium, place
from callgate.lab.campaign import example_site
from callgate.lab.cases import cases
from callgate.lab.judgement import Plan
from callgate.lab.stage import Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

PROFILE = find("goto")
PLAN = Plan(PROFILE, example_site(PROFILE, Site()), "nftables")
CASES = {
    (case.scenario, case.title): case
    for case in cases(PROFILE, [each.id for each in PROFILE.scenarios])
}

SHUT = """
table inet shut {
	chain forward {
		type filter hook forward priority -1;
		tcp dport 443 reject with tcp reset
	}
}
"""


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "conntrack", "turnserver", "squid", "chromium", "certutil")
    with Stage(PLAN.atlas, browser=True) as built:
        yield built


def placed(stage, scenario, title, family):
    case = CASES[scenario, title]
    call = place(stage, case, PLAN.rules(case), family, Chromium())
    assert call.path == case.expected, call.answer
    assert call.holds
    return call


@pytest.mark.parametrize(
    ("scenario", "title", "family"),
    [
        ("unrestricted", "direct", 6),
        ("turn-udp", "proxy set, UDP open", 4),
        ("turn-tcp-443", "through the proxy", 4),
    ],
)
def test_the_path_is_the_documents_by_the_counters_and_by_getstats(stage, scenario, title, family):
    quality = placed(stage, scenario, title, family).answer.quality
    assert quality is not None
    assert quality.loss < 0.2
    assert quality.concealment < 0.9
    assert quality.up is not None
    assert quality.down is not None


def test_inspection_of_everything_leaves_no_call_and_says_what_failed(stage):
    answer = placed(stage, "turn-tcp-443", "inspection of everything", 4).answer
    assert answer.chosen is None
    assert answer.troubles["tcp-relay@proxy"].startswith("TURN: 701")


def test_the_browser_runs_in_the_clients_namespace_and_is_gone_afterwards(stage, monkeypatch):
    seen = []

    def look():
        listed = subprocess.run(
            ["ip", "netns", "pids", stage["client"].name],
            capture_output=True,
            text=True,
            check=True,
        )
        for process in listed.stdout.split():
            found = Path("/proc", process)
            if b"--user-data-dir" in (found / "cmdline").read_bytes():
                seen.append((found / "ns/net").readlink())
        return {}

    stage.arrange(PLAN.rules(CASES["unrestricted", "direct"]), CASES["unrestricted", "direct"])
    answer = Chromium().place(stage, Order(4, proxied=False, packets=5), look)
    assert answer.chosen == "udp-direct"
    assert len(set(seen)) == 1
    assert set(seen) != {Path("/proc/self/ns/net").readlink()}
    seen.clear()
    look()
    assert seen == []


def test_a_page_that_does_not_load_is_no_call(stage):
    stage.arrange(PLAN.rules(CASES["turn-udp", "direct"]), CASES["turn-udp", "direct"])
    stage["firewall"].load_nft(SHUT)
    answer = Chromium().place(stage, Order(4, proxied=False), pytest.fail)
    assert answer.chosen is None
    assert answer.troubles["udp-relay"] == "page: net::ERR_CONNECTION_REFUSED"

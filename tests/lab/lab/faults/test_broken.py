"""A stage is broken for the length of a ``with`` body, and whole again after it."""

import time
from pathlib import Path as File

import pytest

from callgate.errors import UsageError
from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.faults import Fault, Path, combine, find
from callgate.lab.faults.changes import Nft
from callgate.lab.stage import HEALTHY, Stage
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile
from tests.lab.host import host_state
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find_profile("goto"), Site())
OPEN = Rules(nft="")
#: One fault of each kind of change, together as far as they combine.
KINDS = (
    ("udp-drop",),
    ("dns-nxdomain", "proxy-authentication", "link-thin", "udp-short-timeout"),
    ("tls-intercepted", "captive-portal", "proxy-hangs"),
    ("turn-certificate-expired", "vendor-unavailable"),
)


@pytest.fixture(scope="module")
def stage():
    require("ip", "nft", "tc", "conntrack", "turnserver", "squid")
    with Stage(ATLAS) as built:
        built.arrange(OPEN, HEALTHY)
        yield built


def state(stage):
    """Everything that a fault could leave in the lab: rules, queues, parameters, programs."""
    nodes = ("firewall", "isp", "vendor", "turn", "proxy")
    found = {}
    for node in nodes:
        rules = stage[node].run("nft", "list", "ruleset")
        queues = stage[node].run("tc", "qdisc", "show")
        programs = stage[node].run("ip", "netns", "pids", stage[node].name).split()
        found[node] = (rules, queues, sorted(map(command, programs)))
    timeouts = ("udp_timeout", "udp_timeout_stream")
    parameters = [stage["firewall"].parameter(f"netfilter.nf_conntrack_{n}") for n in timeouts]
    return found, parameters


def command(pid):
    try:
        return File(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except FileNotFoundError:
        return b""


@pytest.mark.parametrize("names", KINDS, ids="+".join)
def test_faults_leave_nothing_behind(stage, names):
    before, host = state(stage), host_state()
    with stage.broken(*map(find, names)) as truth:
        assert truth == combine(*names)
    assert state(stage) == before
    assert host_state() == host


def test_a_fault_is_lifted_when_the_body_fails(stage):
    before = state(stage)
    with pytest.raises(ZeroDivisionError), stage.broken(find("udp-drop")):
        raise ZeroDivisionError
    assert state(stage) == before


def test_a_fault_that_cannot_be_carried_out_leaves_nothing_behind(stage):
    before = state(stage)
    wrong = Fault("wrong", "", (Nft("isp", "in", "drop"), Nft("turn", "in", "nonsense")))
    with pytest.raises(Exception, match="nonsense"), stage.broken(find("dns-slow"), wrong):
        pytest.fail("nobody can break that")
    assert state(stage) == before
    with stage.broken(find("udp-drop")):
        pass


def test_faults_that_exclude_each_other_are_refused(stage):
    both = find("proxy-bumps"), find("proxy-hangs")
    with pytest.raises(UsageError, match="both change proxy"), stage.broken(*both):
        pytest.fail("which proxy?")


def test_a_broken_network_is_not_broken_again(stage):
    with (
        stage.broken(find("udp-drop")),
        pytest.raises(UsageError, match="broken already"),
        stage.broken(find("dns-drop")),
    ):
        pytest.fail("twice")


def test_rules_of_a_case_go_beside_a_fault(stage):
    with stage.broken(find("udp-drop")):
        stage.arrange(Rules(nft="table inet own {\n}\n"), HEALTHY)
        rules = stage["firewall"].run("nft", "list", "ruleset")
        assert "table inet own" in rules
        assert "table inet callgate_fault" in rules
    stage.arrange(OPEN, HEALTHY)


def test_a_proxy_fault_without_a_proxy_is_none(stage):
    stage.arrange(OPEN, HEALTHY.__class__("alone", "", None, "udp-direct"))
    with stage.broken(find("proxy-bumps")) as truth:
        assert truth.truth(Path.SIGNALLING) is None
    stage.arrange(OPEN, HEALTHY)


def test_rules_are_applied_and_lifted_in_a_moment(stage):
    begun = time.monotonic()
    for name in ("udp-drop", "tcp-443-reset", "turn-silent", "dpi-stun-udp-drop"):
        with stage.broken(find(name)):
            pass
    assert time.monotonic() - begun < 4

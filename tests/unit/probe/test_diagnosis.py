"""What is said to the administrator: where a call goes, what is best, and what to change."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from callgate.flows import Family
from callgate.probe.classify import classify
from callgate.probe.diagnosis import app_ladder, diagnose, verdicts
from callgate.probe.events import Event, Http, NoRoute, Passed, Silent, Step, Trust, Tunnel
from callgate.probe.remedies import remedy
from callgate.stun.values import Address
from callgate.verdicts import Cause, Verdict
from tests.support.probing import (
    GOTO,
    GRANTED,
    Network,
    icmp,
    opened,
    plan_for,
    secured,
    silent,
    site,
)

PASSED = Passed(Address("203.0.113.20", 45001), True, 0.02)


def told(network, given=None, dialect="nftables"):
    results = tuple(network.results().values())
    return diagnose(GOTO, given or site(), network.plan, results, dialect)


def network_for(**options):
    network = Network(plan_for(credentials=True, **options))
    return network.set("udp-direct", PASSED)


def test_the_best_path_needs_no_change():
    found = told(network_for())
    assert (found.now, found.best, found.change) == ("udp-direct", "udp-direct", None)
    assert found.sentences == ("From here a call takes udp-direct.",)


def test_the_first_blocked_path_above_is_the_one_to_unlock():
    network = network_for().set("udp-direct", silent).set("udp-relay", silent)
    found = told(network)
    assert (found.now, found.best) == ("tcp-relay", "udp-direct")
    assert found.change.path == "udp-direct"
    assert found.change.words == "Let UDP to port 45000-49999 out."


def test_the_change_is_a_rule_in_the_words_of_the_box():
    given = site(clients=(ip_network("10.0.0.0/8"),))
    network = network_for().set("udp-direct", silent)
    lines = told(network, given).change.lines
    assert lines == ("ip saddr 10.0.0.0/8 udp dport 45000-49999 ct state new accept",)
    (line,) = told(network, given, "iptables").change.lines
    assert "--dport 45000:49999" in line
    assert line.endswith("ACCEPT")


def test_without_clients_the_rule_is_for_everybody_and_says_so():
    change = told(network_for().set("udp-direct", silent)).change
    assert change.lines == ("meta nfproto ipv4 udp dport 45000-49999 ct state new accept",)
    assert "--client" in change.hint


def test_a_list_that_nobody_published_is_asked_for():
    network = network_for().set("udp-direct", silent).set("udp-relay", icmp())
    results = tuple(network.results().values())
    relay = [each for each in results if each.path != "udp-direct"]
    change = diagnose(GOTO, site(), network.plan, tuple(relay), "nftables").change
    assert change.lines == ()
    assert "--network turn-networks=" in change.hint
    assert "(ask whoever runs 192.0.2.1)" in change.words


def test_a_dialect_without_single_lines_gets_words():
    change = told(network_for().set("udp-direct", silent), dialect="pac").change
    assert (change.dialect, change.lines) == ("", ())


def test_with_a_proxy_the_app_sends_its_tcp_there():
    network = network_for(proxied=True)
    for path in ("udp-direct", "udp-relay", "tcp-relay@proxy"):
        network.set(path, silent)
    assert app_ladder(network.plan) == (
        "udp-direct", "udp-relay", "tcp-relay@proxy", "tls-relay@proxy",
    )  # fmt: skip
    # TCP beside the proxy works, and the app does not go there.
    assert told(network).now == "tls-relay@proxy"


def test_signalling_comes_first_when_it_is_broken():
    network = network_for().set("signalling", opened, secured(), Http(503, "Overload", 0.1))
    found = told(network)
    assert found.sentences[0].startswith("Signalling, which every call needs: blocked")
    assert found.change.path == "signalling"
    assert "tell the vendor" in found.change.words


def test_no_path_at_all():
    network = network_for()
    for path in ("udp-direct", "udp-relay", "tcp-relay", "tls-relay"):
        network.set(path, icmp())
    found = told(network)
    assert (found.now, found.best) == ("none", "udp-direct")
    assert "No path for media works from here." in found.sentences


def test_no_network():
    network = Network(plan_for(), resolved=False)
    for each in network.plan.probes:
        network.facts[each.id] = []
    network.log.append(Event(0.0, "dns x A", 0, NoRoute("192.0.2.53", "ENETUNREACH")))
    found = told(network)
    assert found.now == "none"
    assert found.change is None
    assert any("no network" in each for each in found.sentences)


def test_inspection_names_the_domains_to_exempt():
    network = network_for(proxied=True)
    for path in ("udp-direct", "udp-relay", "tcp-relay@proxy"):
        network.set(path, silent)
    network.set("tls-relay@proxy", opened, GRANTED, secured(Trust.LOCAL), Silent(Step.REQUEST))
    results = network.results()
    words = remedy(GOTO, results["tls-relay@proxy"], "Inspector")
    assert "*.goto-rtc.com" in words
    assert "(issuer Inspector)" in words
    assert "gototraining" not in words


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_remedy(cause):
    result = next(iter(network_for().results().values()))
    words = remedy(GOTO, replace(result, cause=cause), "somebody")
    assert words[0].isupper()
    assert words.endswith(".")
    assert "{" not in words


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, dict.fromkeys(("unrestricted", "turn-udp"), "satisfied")),
        ({"udp-relay": [silent]}, {"unrestricted": "satisfied", "turn-udp": "blocked"}),
        (
            {"signalling": [opened, secured(Trust.LOCAL), Http(101, "", 0.1)]},
            dict.fromkeys(("unrestricted", "turn-udp"), "depends"),
        ),
        (
            {"signalling": [opened, Silent(Step.REQUEST)]},
            dict.fromkeys(("unrestricted", "turn-udp"), "blocked"),
        ),
    ],
)
def test_scenarios_need_their_media_and_signalling(changes, expected):
    network = network_for()
    for path, facts in changes.items():
        network.set(path, *facts)
    results = tuple(network.results().values())
    found = verdicts(GOTO, network.plan, results, tuple(expected))
    assert {name: str(verdict) for name, verdict in found.items()} == expected


def test_what_was_not_checked_is_unknown():
    plan = plan_for(site(endpoints=site().endpoints[:1]))
    results = classify(plan, ())
    found = verdicts(GOTO, plan, results, ())
    assert set(found.values()) <= {Verdict.UNKNOWN}


def test_a_proxy_that_denies_is_named():
    network = network_for(proxied=True)
    for path in ("udp-direct", "udp-relay"):
        network.set(path, silent, family=Family.V4)
    network.set("tcp-relay@proxy", opened, Tunnel(403, "Forbidden", 0.01))
    result = network.results()["tcp-relay@proxy"]
    assert remedy(GOTO, result, "") == (
        "Let CONNECT to turn.example.com:3478 pass at the proxy 192.0.2.8:3128."
    )

"""The JSON form is what its schema says; the HTML is one harmless file."""

import hashlib
import json
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import jsonschema
import pytest

from callgate.flows import Family
from callgate.probe.account import Account
from callgate.probe.diagnosis import diagnose, verdicts
from callgate.probe.events import Echoes, Event, OneWay, Passed, Silent, Step, Trust
from callgate.probe.media import directions, qualities
from callgate.report import probes
from callgate.report.probe_html import account_html
from callgate.report.probe_json import account_json
from callgate.stun.values import Address
from tests.support.probing import GOTO, GRANTED, Network, opened, plan_for, secured, silent, site
from tests.support.schemas import shape

SCHEMA = json.loads(
    resources.files("callgate.report").joinpath("probe.schema.json").read_text(encoding="utf-8")
)
EVIL = '<script>alert("1")</script>&\'"'


def account(network):
    results = tuple(network.results().values())
    log = [*network.log]
    for probe, facts in network.facts.items():
        log += [Event(0.1, probe, 0, fact) for fact in facts]
    return Account(
        "goto/2.1",
        "A document",
        network.plan,
        (Family.V4,),
        "no proxy (test)",
        results,
        diagnose(GOTO, site(), network.plan, results, "nftables"),
        verdicts(GOTO, network.plan, results, ()),
        tuple(log),
        0.5,
        qualities=qualities(network.plan, tuple(log)),
        directions=directions(tuple(log)),
    )


def healthy():
    direct = Passed(Address("203.0.113.20", 45001), True, 0.02)
    return Network(plan_for(credentials=True, proxied=True)).set("udp-direct", direct)


def troubled():
    """Many things at once, with an issuer that tries to be markup."""
    network = healthy().set("udp-direct", silent).set("udp-relay", silent)
    made = secured(Trust.LOCAL)
    forged = replace(made, chain=replace(made.chain, issuer=EVIL, subject=EVIL))
    return network.set("tls-relay@proxy", opened, GRANTED, forged, Silent(Step.REQUEST))


@pytest.mark.parametrize("make", [healthy, troubled])
def test_the_output_is_valid(make):
    found = json.loads(json.dumps(account_json(account(make()))))
    jsonschema.Draft7Validator(SCHEMA).validate(found)
    assert [each["path"] for each in found["paths"]][:4] == [
        "udp-direct", "udp-relay", "tcp-relay@proxy", "tls-relay@proxy",
    ]  # fmt: skip


def measured():
    """A network whose UDP was measured, with loss, and whose directions were told apart."""
    network = healthy()
    probe = next(each for each in network.plan.probes if each.path == "udp-relay")
    stream = tuple(None if number % 9 == 0 else 20.0 for number in range(250))
    network.log += [
        Event(9.0, probe.id, 0, Echoes("to our own relay and back", 50.0, stream)),
        Event(9.0, probe.id, 0, OneWay("up", 250, 225)),
    ]
    return network


def test_quality_is_in_every_form():
    found = account(measured())
    told = json.loads(json.dumps(account_json(found)))
    jsonschema.Draft7Validator(SCHEMA).validate(told)
    assert told["quality"][0]["lost"] == 28
    assert told["directions"][0]["lost"] == 25
    notes = "\n".join(probes.quality_notes(found))
    assert "UDP up: 10.0% (6.9 to 14.3) lost." in notes
    assert "doi:10.1145/3458751" in notes
    (row,) = probes.quality_table(found).rows
    assert row[0] == "udp-relay"
    assert row[3] in account_html(found)


def test_the_schema_itself_is_valid():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_shape_does_not_change_silently():
    """When this fails: new keys only → pin anew; else raise the version first."""
    text = json.dumps(shape(SCHEMA), sort_keys=True)
    assert (SCHEMA["properties"]["schema"]["const"], hashlib.sha256(text.encode()).hexdigest()) == (
        "callgate.probe/1",
        "31700e24d35694721d607da794e5b1c12647a71b7c10e0c13e3607fd5b7e86e5",
    )


class Page(HTMLParser):
    """What a browser would fetch or run, and the words."""

    def __init__(self):
        super().__init__()
        self.tags, self.references, self.words = set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        names = {"src", "href", "action", "data", "srcset", "style", "onclick", "onload"}
        self.references += [each for each in attrs if each[0] in names]

    def handle_data(self, data):
        self.words.append(data)


def test_the_html_fetches_and_runs_nothing_and_escapes_everything():
    text = account_html(account(troubled()))
    page = Page()
    page.feed(text)
    assert page.references == []
    assert not page.tags & {"script", "img", "link", "iframe", "object", "form", "a"}
    assert EVIL not in text
    assert EVIL in "".join(page.words)
    assert "default-src 'none'" in text


def test_the_html_says_what_the_table_says():
    found = account(troubled())
    page = Page()
    page.feed(account_html(found))
    words = "".join(page.words)
    for line in probes.diagnosis(found):
        assert line.strip() in words
    for row in probes.ladder(found).rows:
        assert row[0] in words
        assert row[1] in words


def test_a_blocked_path_is_told_with_its_change():
    lines = list(probes.diagnosis(account(troubled())))
    assert lines[0] == "From here a call takes tcp-relay@proxy."
    assert "The best path that can be had: udp-direct." in lines
    assert "  meta nfproto ipv4 udp dport 45000-49999 ct state new accept" in lines


def test_evidence_is_told_for_every_probe():
    text = "\n".join(probes.evidence(account(troubled())))
    assert text.count("  works:") >= 5
    assert "answered meanwhile" in text

"""The GoTo profile says what the document says: all of it, and nothing that it does not."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from callgate.flows import PortRange, Protocol
from callgate.profiles.loader import find
from callgate.profiles.model import Absent, Origin, Provenance

GOTO = find("goto/2.1")
DOCUMENT = Path(__file__).parents[2] / "corpus" / "documents" / "goto-2.1.txt"
#: Headings and menu entries that say nothing which a quote of the profile does not say.
FURNITURE = {
    "product icon",
    "Minimal Firewall Settings for the GoTo App",
    "Version 2.1",
    "Essential DNS domains",
    "Additional domains required for GoTo Training",
    "Configuration scenarios",
    "Proxy configuration notes",
    "Traffic in case of no restrictions",
    "# Domain Use Protocol Points to IP addresses in",
    "Here are the firewall settings needed:",
    "Protocol DST Port DST Addr Action",
}
TCP, UDP = Protocol.TCP, Protocol.UDP
UNSTATED = Absent.UNSTATED


def flat(text):
    """One line, without the bullets that the copy has at the beginning of lines."""
    return " ".join(re.sub(r"^\s*•\s*", "", text, flags=re.MULTILINE).split())


TEXT = flat(DOCUMENT.read_text(encoding="utf-8"))


def provenances(item):
    if isinstance(item, Provenance):
        yield item
    elif isinstance(item, tuple):
        for each in item:
            yield from provenances(each)
    elif is_dataclass(item):
        for field in fields(item):
            yield from provenances(getattr(item, field.name))


QUOTES = sorted({flat(p.quote.replace("•", "")) for p in provenances(GOTO) if p.quote})


@pytest.mark.parametrize("quote", QUOTES)
def test_every_quote_is_verbatim(quote):
    assert quote in TEXT


def test_every_sentence_of_the_document_is_quoted():
    left = TEXT
    for text in sorted([*QUOTES, *FURNITURE], key=len, reverse=True):
        left = left.replace(text, "\n")
    assert [line.strip() for line in left.splitlines() if line.strip()] == []


def test_every_section_is_a_heading_of_the_document():
    own = {p.section for p in provenances(GOTO) if not p.source}
    assert all(section in TEXT for section in own)


def test_what_is_not_the_documents_names_its_source():
    for provenance in provenances(GOTO):
        assert (provenance.origin is Origin.SUPPLEMENT) == bool(provenance.source)
        assert provenance.quote or provenance.source


def row(entry):
    return (
        " ".join(str(pattern) for pattern in entry.patterns),
        entry.use,
        entry.protocols,
        entry.hosting,
        entry.product,
    )


def test_the_domain_tables_row_by_row():
    training = "training"
    assert [row(entry) for entry in GOTO.domains] == [
        ("*.goto.com", "Main domain", (TCP,), UNSTATED, None),
        (
            "*.goto-rtc.com",
            "Audio and video servers - uses WebSocket for some connections",
            (UDP, TCP),
            ("GoTo", "AWS"),
            None,
        ),
        ("*.jive.com", "General connections used by GoToConnect", (UDP, TCP), UNSTATED, None),
        ("*.getgo.com", "Various services", (TCP,), ("AWS",), None),
        ("*.gotomeeting.com", "Various services", (TCP,), ("GoTo", "AWS"), None),
        ("*.logmeininc.com", "Authentication (critical)", UNSTATED, ("AWS",), None),
        ("*.expertcity.com", "Audio and screen sharing servers", (TCP,), ("GoTo",), None),
        (
            "*.gototraining.com",
            "Central domain (required for GoTo Training only)",
            (TCP,),
            ("GoTo",),
            training,
        ),
        (
            "*.firebase.app",
            "Editor for creating polls, can be launched in-session",
            (TCP,),
            ("Google",),
            training,
        ),
        ("apis.google.com", "Google drive sharing", (TCP,), ("Google",), training),
        (
            "*.youtube.com *.googlevideo.com",
            "YouTube video sharing",
            (TCP,),
            ("Google",),
            training,
        ),
    ]


def test_training_switches_its_rows_on():
    assert len(GOTO.domains_for(())) == 7
    assert len(GOTO.domains_for(("meeting",))) == 7
    assert len(GOTO.domains_for(("meeting", "training"))) == 11
    assert [p.id for p in GOTO.products if p.default] == ["meeting"]


def test_the_scenarios_row_by_row():
    media = (PortRange(45000, 49999),)
    https, turn = (PortRange(443, 443),), (PortRange(3478, 3478),)
    web = (TCP, https, ("all",), "allow")
    assert {
        s.id: ([(n.protocol, n.ports, n.destinations, n.action) for n in s.needs], s.block)
        for s in GOTO.scenarios
    } == {
        "unrestricted": ([(UDP, media, ("all",), "allow"), web], False),
        "turn-udp": ([(UDP, turn, ("all", "turn-networks"), UNSTATED), web], True),
        "turn-tcp-3478": ([(TCP, turn, ("turn-networks",), "allow"), web], True),
        "turn-tcp-443": ([web], True),
    }
    assert [s.rank for s in GOTO.scenarios] == [1, 2, 3, 4]
    assert [s.recommended for s in GOTO.scenarios] == [True, True, False, False]
    assert [s.media for s in GOTO.scenarios] == [step.id for step in GOTO.ladder]


def test_udp_comes_before_tcp_on_the_ladder_and_never_through_a_proxy():
    assert [(step.id, step.protocol, step.proxied) for step in GOTO.ladder] == [
        ("udp-direct", UDP, False),
        ("udp-relay", UDP, False),
        ("tcp-relay", TCP, True),
        ("tls-relay", TCP, True),
    ]


def test_nothing_unpublished_is_invented():
    turn = GOTO.network("turn-networks")
    assert turn.prefixes is Absent.UNPUBLISHED
    assert "UDP over TURN" in turn.obtain
    assert "https://" in turn.obtain
    assert {each.id for each in GOTO.networks if isinstance(each.prefixes, tuple)} == {
        each.id for each in GOTO.networks if each.candidate
    }
    assert {each.host for each in GOTO.endpoints} == {Absent.UNPUBLISHED}
    assert all(each.obtain for each in GOTO.endpoints)

"""Evidence in words: every kind of fact has some, and nobody else's text can break them."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.probe import events
from callgate.probe.events import Chain, Icmp, Step, Trust, plain
from callgate.probe.words import describe, icmp_name, milliseconds, port_unreachable
from callgate.stun.values import Address
from tests.support.hostile import hostile
from tests.support.probing import chain

FACTS = events.Fact.__args__
V4, V6 = Address("192.0.2.1", 443), Address("2001:db8::1", 443)


def sample(kind):
    """A fact of a kind with plausible values."""
    values = {
        "address": V4, "relayed": V4, "mapped": V4, "chain": chain(), "step": Step.REQUEST,
        "trust": Trust.LOCAL, "seconds": 0.0123, "status": 403, "code": 13, "kind": 3,
        "how": "reset", "addresses": ("192.0.2.1",), "schemes": ("Basic",), "small": True,
        "back": True, "plain": False, "classic": False, "number": 0, "skew": 0.0,
        "asked_plain": False, "checked_at": 0.0, "round_trips": (1.0, None), "sent": 2,
        "opened": 1, "arrived": 1, "per_second": 50.0, "alive": True,
    }  # fmt: skip
    return kind(**{each.name: values.get(each.name, f"a {each.name}") for each in fields(kind)})


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_every_fact_has_words(kind):
    told = describe(sample(kind))
    assert told
    assert "\n" not in told
    assert "None" not in told


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Icmp(V4, 3, 13, "", 0.1), "ICMP admin-prohibited"),
        (Icmp(V6, 1, 1, "", 0.1), "ICMP admin-prohibited"),
        (Icmp(V4, 3, 77, "", 0.1), "ICMP type 3 code 77"),
        (Icmp(V4, 0, 0, "", 0.1, "EHOSTUNREACH"), "ICMP error (EHOSTUNREACH)"),
    ],
)
def test_icmp_errors_have_the_names_of_their_rfc(fact, words):
    assert icmp_name(fact) == words


def test_only_port_unreachable_is_a_closed_port():
    assert port_unreachable(Icmp(V4, 3, 3, "", 0.1))
    assert port_unreachable(Icmp(V6, 1, 4, "", 0.1))
    assert not port_unreachable(Icmp(V4, 1, 4, "", 0.1))


def test_times_are_as_fine_as_they_matter():
    assert milliseconds(0.00041) == "0.4 ms"
    assert milliseconds(1.5) == "1500 ms"


@given(hostile())
def test_nobody_elses_text_breaks_a_line(text):
    shown = plain(text)
    assert len(shown) <= 200
    assert shown.isprintable()


@given(st.text())
def test_plain_text_stays(text):
    words = " ".join(text.split())
    if words.isprintable() and len(words) <= 200:
        assert plain(text) == words


def test_a_certificate_without_a_subject_has_words():
    nameless = Chain("", "Inspector", "Inspector", (), "", "", "", 1)
    fact = events.Secured("TLSv1.3", nameless, Trust.NOBODY, "issuer", 0.1)
    assert "a certificate without a name, issued by Inspector" in describe(fact)

"""Readers give a value or an InputError, nothing else, and in no time."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callgate.errors import InputError
from callgate.policy.network_text import parse_network_text
from callgate.policy.site import Site
from callgate.policy.site_file import load_site
from callgate.policy.site_values import parse_endpoint, parse_proxy, parse_service
from callgate.profiles.loader import load_profile
from callgate.profiles.model import Profile
from tests.support.broken import ACME, OFFICE
from tests.support.hostile import hostile

OFFICE_TOML = 'version = 1\nname = "Head"\n[networks]\nturn-networks = ["192.0.2.0/24"]\n'
#: Pieces of syntax, and values that mean something to YAML, TOML, Python or JSON Schema.
PIECES = (
    ": ", "- ", "[", "]", "{", "}", ", ", "\n", "  ", "\t", "&a ", "*a", "!!int ", "|", ">-",
    "---\n", "...", "? ", "<<: ", "%YAML 1.1\n", "'", '"', '"""', "'''", "\\U00110000", "\\ud800",
    "\\x07", "#", "=", "[[", "]]", ".", "1", "0x1F", "1e999", ".nan", "1_0", "9" * 5000, "null",
    "2026-01-31", "~", "true", "yes", "\ufeff", "\x85", "\u2028", "\x00", "id", "version",
    "networks", "192.0.2.0/24", "70000", "é", "\U0001f525",
)  # fmt: skip
SECONDS = 3.0


def pieces():
    return st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


@st.composite
def mutants(draw, text):
    """A good text with a few cuts, each filled with something else."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + draw(pieces()) + text[end:]
    return text


def outcome(read, text):
    """What the reader gives: its value, or the InputError that it raised."""
    try:
        return read(text)
    except InputError as error:
        return error


def value_or_mistakes(read, text, kind):
    begin = time.perf_counter()
    found = outcome(read, text)
    assert time.perf_counter() - begin < SECONDS
    if not isinstance(found, InputError):
        assert isinstance(found, kind)
        return
    assert found.mistakes
    for mistake in found.mistakes:
        assert mistake.place.source == "fuzz"
        assert 1 <= mistake.place.line <= len(text.splitlines()) + 1
        assert mistake.message.isprintable()
        assert (mistake.hint or "-").isprintable()


fuzz = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@fuzz
@given(mutants(ACME) | pieces() | hostile())
def test_profiles(text):
    value_or_mistakes(lambda t: load_profile(t, "fuzz"), text, Profile)


@fuzz
@given(mutants(OFFICE) | pieces() | hostile())
def test_sites_in_yaml(text):
    value_or_mistakes(lambda t: load_site(t, "fuzz", "yaml"), text, Site)


@fuzz
@given(mutants(OFFICE_TOML) | pieces() | hostile())
def test_sites_in_toml(text):
    value_or_mistakes(lambda t: load_site(t, "fuzz", "toml"), text, Site)


@fuzz
@given(hostile() | st.text(alphabet="0123456789abcdef.:/-, \n#•", max_size=80))
def test_pasted_networks(text):
    value_or_mistakes(lambda t: parse_network_text(t, "fuzz"), text, tuple)


@fuzz
@given(hostile() | st.text(alphabet="tcpud=/@,-.:[]0123456789af", max_size=40))
def test_values_of_flags(text):
    for parse in (parse_proxy, parse_endpoint, parse_service):
        with suppress(ValueError):
            parse(text)


WIDE = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"key{n}: 1" for n in range(WIDE // 8)),
        "version: 1\nname: " + "x" * WIDE,
        "version: 1\n" + "k" * WIDE + ": 1",
        "version: 1\nclients: [" + "x, " * (WIDE // 4) + "]",
        "version: 1\nnetworks:\n" + "".join(f"  n{n}: all\n" for n in range(WIDE // 10)),
        "[" * WIDE,
        "{a: " * (WIDE // 4),
        "- " * (WIDE // 2),
        "? " * (WIDE // 2),
        "&a " * (WIDE // 3),
        '"' + "\\" * WIDE,
        "x" * (1 << 21),
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_end_in_good_time(text):
    for syntax in ("yaml", "toml"):
        begin = time.perf_counter()
        outcome(lambda t, syntax=syntax: load_site(t, "fuzz", syntax), text)
        assert time.perf_counter() - begin < 20

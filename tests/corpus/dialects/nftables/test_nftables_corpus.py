"""Rulesets of other people: every rule is modelled, or named with its place."""

import os
from pathlib import Path

import pytest

from callgate.dialects.nftables.reading import NftablesReader

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus")) / "nftables"
FILES = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []
NO_RULES = ("table", "chain", "type", "}", "#", "set", "map", "flags", "elements", "policy")


@pytest.fixture
def corpus():
    if not FILES:
        pytest.skip(f"no corpus at {CORPUS}: set CALLGATE_CORPUS")
    return FILES


def test_every_rule_is_there(corpus):
    for file in corpus:
        text = file.read_text(encoding="utf-8")
        reader = NftablesReader()
        assert reader.detect(text)
        made = reader.parse(text, str(file))
        lines = enumerate(map(str.split, text.splitlines()), 1)
        expected = {
            number for number, words in lines if words and not words[0].startswith(NO_RULES)
        }
        places = {rule.place.line for chain in made.chains.values() for rule in chain.rules}
        assert expected <= places
        assert made.entries
        for each in made.unmodelled:
            assert each.place.line

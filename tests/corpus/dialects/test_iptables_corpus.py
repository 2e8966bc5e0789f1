"""Dumps of real firewalls: every rule is modelled, or reported with its place."""

import os
import re
from pathlib import Path

import pytest

from callgate.dialects.iptables.reading import IptablesReader
from callgate.rules import Action

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus")) / "iptables-save"
FILES = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []
RULE = re.compile(r"^\s*(?:\[\d+:\d+\]\s*)?-A \S+.*$", re.MULTILINE)

pytestmark = pytest.mark.skipif(not FILES, reason=f"no corpus of iptables-save in {CORPUS}")


def rules_in(text):
    return [text.count("\n", 0, found.start()) + 1 for found in RULE.finditer(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_rule_of_a_real_dump_is_lost(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    reader = IptablesReader()
    assert reader.detect(text)
    ruleset = reader.parse(text, path.name)
    every = [rule for chain in ruleset.chains.values() for rule in chain.rules]
    assert sorted({rule.place.line for rule in every}) == rules_in(text)
    lines = text.split("\n")
    assert all(rule.text == lines[rule.place.line - 1].strip() for rule in every)
    reported = {each.place.line for each in ruleset.unmodelled}
    unsure = {
        rule.place.line
        for rule in every
        if rule.action is Action.UNMODELLED
        or (rule.match.conditions and rule.action is not Action.CONTINUE)
    }
    assert unsure <= reported
    assert {each.name for each in ruleset.entries} == {"INPUT", "FORWARD", "OUTPUT"}


def test_nearly_all_that_real_dumps_test_is_modelled_or_known():
    hints = [
        each
        for path in FILES
        for each in IptablesReader().parse(path.read_text(errors="replace"), path.name).unmodelled
    ]
    unknown = [
        each for each in hints if "Callgate knows" in each.hint or "does not know" in each.hint
    ]
    assert len(unknown) == 0, unknown[:3]

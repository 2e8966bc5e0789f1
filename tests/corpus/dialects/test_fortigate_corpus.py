"""FortiGate configurations of others: every policy is a rule or is reported, nothing crashes."""

import os
import re
from pathlib import Path

import pytest

from callgate.check import Prepared
from callgate.dialects import reading
from callgate.dialects.fortigate import FortigateReader
from callgate.rules import Action

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus"))
FILES = sorted((CORPUS / "fortigate").glob("*"))
#: A file whose deliberate mistakes leave its policies without interfaces or services.
BROKEN = {"firewall_policy_warn"}

pytestmark = pytest.mark.skipif(not FILES, reason=f"no corpus in {CORPUS}")


def policy_lines(text):
    """The lines of the edits below ``config firewall policy``, found by their indentation."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("config "):
            inside = line.split() == ["config", "firewall", "policy"]
        elif inside and re.fullmatch(r" {4}edit \S+", line):
            yield number


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_every_policy_is_a_rule_or_is_reported(path):
    text = path.read_text(encoding="utf-8")
    ruleset = FortigateReader().parse(text, path.name)
    Prepared(ruleset)
    known = {rule.place.line for chain in ruleset.chains.values() for rule in chain.rules}
    known |= {each.place.line for each in ruleset.unmodelled}
    deleted = text.count("    delete ") + (path.name in BROKEN)
    assert len(set(policy_lines(text)) - known) <= deleted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_it_is_told_by_its_content(path):
    assert reading.recognise(path.read_text(encoding="utf-8"), path.name).name == "fortigate"


def test_the_policies_of_a_real_device_are_decided():
    (path,) = (each for each in FILES if each.stat().st_size > 100_000)
    ruleset = FortigateReader().parse(path.read_text(encoding="utf-8"), path.name)
    rules = ruleset.chains["firewall policy"].rules
    assert [rule.action for rule in rules if not rule.match.conditions].count(
        Action.UNMODELLED
    ) == 0
    assert not [rule for rule in rules if rule.match.conditions]

"""SRX configurations of others: every policy is a rule or is reported, nothing crashes."""

import os
import re
from pathlib import Path

import pytest

from callgate.check import Prepared
from callgate.dialects import reading
from callgate.dialects.juniper_srx import SrxReader

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus"))
FILES = sorted((CORPUS / "juniper-srx").glob("*"))
POLICY = re.compile(r"set security policies ((?:from-zone \S+ to-zone \S+|global) policy \S+)")
#: Fields that a device would refuse: an application that is not there, no action.
DELIBERATE = {"applications"}

pytestmark = pytest.mark.skipif(not FILES, reason=f"no corpus in {CORPUS}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_policy_is_a_rule(path):
    text = path.read_text(encoding="utf-8")
    ruleset = SrxReader().parse(text, path.name)
    Prepared(ruleset)
    rules = ruleset.chains["security policies"].rules
    places = {rule.place.line for rule in rules} | {u.place.line for u in ruleset.unmodelled}
    lines = text.splitlines()
    for wanted in set(POLICY.findall(text)):
        first = next(n for n, line in enumerate(lines, 1) if f"policies {wanted} " in line)
        assert first in places


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_not_modelled_is_a_filter_a_screen_or_a_deliberate_mistake(path):
    ruleset = SrxReader().parse(path.read_text(encoding="utf-8"), path.name)
    if path.name not in DELIBERATE:
        hints = {each.hint for each in ruleset.unmodelled}
        assert hints <= {
            "a stateless filter on an interface is not modelled",
            "screens drop what looks like an attack",
        }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_told_by_its_content(path):
    assert reading.recognise(path.read_text(encoding="utf-8"), path.name).name == "juniper-srx"

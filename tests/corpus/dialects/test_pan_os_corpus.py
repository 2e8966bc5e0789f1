"""PAN-OS configurations of others: every rule is a rule or is reported, nothing crashes."""

import os
import re
from pathlib import Path

import pytest

from callgate.check import Prepared
from callgate.dialects import reading
from callgate.dialects.pan_os import PanOsReader
from callgate.errors import InputError

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus"))
ALL = sorted((CORPUS / "palo-alto").glob("*"))
#: Hosts of a laboratory that stand beside the firewall: routers of another vendor.
ROUTERS = [path for path in ALL if re.search(r"palo_alto_nat_\d__configs__h\d$", path.name)]
FILES = [path for path in ALL if path not in ROUTERS]
RULE = re.compile(r"^set (.*rulebase) security rules (\"[^\"]*\"|\S+) \S", re.MULTILINE)

pytestmark = pytest.mark.skipif(not FILES, reason=f"no corpus in {CORPUS}")


def parsed(path):
    ruleset = PanOsReader().parse(path.read_text(encoding="utf-8"), path.name)
    Prepared(ruleset)
    return ruleset


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_every_rule_is_a_rule_or_is_reported(path):
    text = path.read_text(encoding="utf-8")
    ruleset = parsed(path)
    known = {rule.text for chain in ruleset.chains.values() for rule in chain.rules}
    deleted = set(re.findall(r"^delete .*security rules (\S+)$", text, re.MULTILINE))
    for _, name in RULE.findall(text):
        wanted = f"rule {name.strip(chr(34))}:"
        assert name in deleted or any(each.startswith(wanted) for each in known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_it_is_told_by_its_content_or_by_nothing(path):
    assert set(reading.claims(path.read_text(encoding="utf-8"))) <= {"pan-os"}


@pytest.mark.parametrize("path", ROUTERS, ids=lambda path: path.name[-40:])
def test_what_is_no_configuration_of_it_is_refused_with_a_place(path):
    with pytest.raises(InputError) as caught:
        parsed(path)
    assert caught.value.mistakes[0].place.line


def test_an_exported_template_is_read_with_its_rules_and_its_holes():
    (path,) = (each for each in FILES if each.suffix == ".xml")
    ruleset = parsed(path)
    texts = [rule.text for chain in ruleset.chains.values() for rule in chain.rules]
    assert any(text.startswith("rule Outbound Block Rule: deny") for text in texts)
    assert any("{%" in each.text for each in ruleset.unmodelled)
    assert all(each.place.line > 1 for each in ruleset.unmodelled)

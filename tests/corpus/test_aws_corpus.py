"""What AWS itself listed: every permission and every entry is a rule, and none is unknown."""

import json
import os
from pathlib import Path

import pytest

from callgate.check import Prepared
from callgate.dialects import reading
from callgate.errors import InputError

CORPUS = Path(os.environ.get("CALLGATE_CORPUS", "../shared/corpus"))
FILES = sorted((CORPUS / "aws").glob("*.json"))


def statements(data):
    """How many rules the listing holds: a permission for each far end, an entry each."""
    ends = ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")
    for group in data.get("SecurityGroups", ()):
        for each in group["IpPermissions"] + group["IpPermissionsEgress"]:
            yield from (end for key in ends for end in each.get(key, ()))
    for acl in data.get("NetworkAcls", ()):
        yield from acl["Entries"]


@pytest.mark.skipif(not FILES, reason=f"no corpus in {CORPUS}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_every_statement_is_a_rule(path):
    text = path.read_text(encoding="utf-8")
    wanted = len(list(statements(json.loads(text))))
    assert reading.recognise(text, path.name).name == "aws"
    if not wanted:
        with pytest.raises(InputError, match="no security group and no network ACL"):
            reading.find("aws").parse(text, path.name)
        return
    ruleset = reading.find("aws").parse(text, path.name)
    Prepared(ruleset)
    assert ruleset.rule_count == wanted
    conditions = [each for each in ruleset.unmodelled if not each.text.startswith("the far end")]
    assert conditions == []

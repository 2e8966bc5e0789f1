"""Whatever stands in a policy's texts, it stays in comments of the targets that go by name."""

import pytest
from hypothesis import given, settings

from callgate.dialects.registry import find
from tests.support.hostile import hostile
from tests.support.naming import named_policy, with_texts

#: Target -> how its comments begin.
TARGETS = dict.fromkeys(
    ("squid", "dnsmasq", "mitmproxy", "no-proxy", "unbound", "fortigate-proxy"), "#"
) | {"rpz": ";"}


def statements(text, mark):
    return [line for line in text.split("\n") if not line.startswith(mark)]


@pytest.mark.parametrize(("name", "mark"), TARGETS.items(), ids=TARGETS)
@pytest.mark.parametrize("merge", [False, True])
@settings(max_examples=60, deadline=None)
@given(text=hostile())
def test_hostile_texts_stay_in_comments(name, mark, merge, text):
    dialect = find(name)
    policy = named_policy(merge=merge)
    harmless, injected = dialect.generate(policy), dialect.generate(with_texts(policy, text))
    for one, other in zip(harmless, injected, strict=True):
        assert statements(other.text, mark) == statements(one.text, mark)
        assert "\\" not in "".join(line for line in other.text.split("\n") if line.startswith(mark))
        assert other.text.splitlines() == other.text.removesuffix("\n").split("\n")


@pytest.mark.parametrize("name", ["zscaler", "pan-edl", "umbrella"])
@settings(max_examples=60, deadline=None)
@given(text=hostile())
def test_a_list_holds_entries_only_and_instructions_stay_steps(name, text):
    dialect, policy = find(name), named_policy()
    *lists, told = dialect.generate(with_texts(policy, text))
    *harmless, plain = dialect.generate(policy)
    assert [each.text for each in lists] == [each.text for each in harmless]
    assert told.text.partition("\n\n")[2] == plain.text.partition("\n\n")[2]
    assert told.text.splitlines() == told.text.removesuffix("\n").split("\n")

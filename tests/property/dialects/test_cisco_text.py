"""Whatever things are called, the commands for ASA and IOS keep their lines and their words."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from callgate.dialects.cisco_asa import Asa
from callgate.dialects.cisco_ios import Ios
from callgate.policy.model import Networks, Notice
from callgate.policy.site import Target
from tests.support.hostile import hostile
from tests.support.policies import TURN, policy

DIALECTS = {
    "asa": (Asa(), Target(inside="inside")),
    "ios": (Ios(), Target("Gi0/1", "Gi0/0", options={"stateful": "established"})),
}
NAMED = re.compile(r"(remark ).*|CALLGATE-[A-Z0-9-]*-V[46]-[0-9a-f]{6}|CALLGATE-[0-9a-f]{6}")


def named(original, text):
    rules = tuple(
        replace(
            rule,
            id=text,
            why=text,
            destination=Networks(tuple(net for net in TURN if net.version == rule.family), text)
            if isinstance(rule.destination, Networks)
            else rule.destination,
        )
        for rule in original.rules
    )
    return replace(original, rules=rules, site=text, document=text, notices=(Notice("n", text),))


def shape(text):
    """The lines that are no comments, without names of ours and remarks."""
    lines = text.split("\n")
    assert text.isascii()
    assert all(line.isprintable() for line in lines)
    assert "?" not in text
    return [NAMED.sub(r"\1", line) for line in lines if not line.startswith("!")]


@pytest.mark.parametrize("name", DIALECTS)
@given(text=hostile())
def test_names_stay_in_their_field(name, text):
    dialect, target = DIALECTS[name]
    plain = replace(policy(), target=target)
    usual = named(plain, "name")
    for one, other in zip(
        dialect.generate(usual), dialect.generate(named(plain, text)), strict=True
    ):
        assert shape(one.text) == shape(other.text)

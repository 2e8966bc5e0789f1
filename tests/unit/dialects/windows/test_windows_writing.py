"""The script that is written: names, what is refused, and what is left alone."""

import re
from dataclasses import replace

import pytest

from callgate.dialects.windows import Windows
from callgate.errors import UnsupportedError, UsageError
from callgate.policy.site import Apply, On, Target
from tests.support.policies import policy


def script(**changes):
    return Windows().generate(replace(policy(on=On.HOST), **changes))[0].text


def test_the_same_rules_have_the_same_names_and_others_have_others():
    names = re.findall(r"-Name '(callgate-[0-9a-f]{8})-\d{3}'", script())
    assert len(set(names)) == 1
    assert names[0] not in script(rules=policy(on=On.HOST).rules[:-1])
    assert names[0] not in script(block=None)


def test_only_a_complete_ruleset_sets_the_default_and_it_does_so_last():
    assert script().endswith("Set-NetFirewallProfile -All -DefaultOutboundAction Block\n")
    assert "Set-NetFirewallProfile" not in script(apply=Apply.MERGE, block=None)
    assert "Action Block -" not in script()


def test_only_rules_of_our_own_group_are_ever_removed():
    for artifact in Windows().generate(policy(on=On.HOST)):
        for line in artifact.text.splitlines():
            if "Remove-NetFirewallRule" in line:
                assert "$older" in line or "-Group 'Callgate'" in line


def test_the_profile_is_an_option():
    assert "-Profile Domain " in script(target=Target(options={"profile": "Domain"}))
    with pytest.raises(UsageError, match="'Office' is no value"):
        script(target=Target(options={"profile": "Office"}))


def test_a_router_is_refused():
    with pytest.raises(UnsupportedError, match="for the host"):
        Windows().generate(policy(on=On.ROUTER))

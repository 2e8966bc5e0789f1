"""A grammar of PowerShell that we did not write finds commands where we mean commands."""

from dataclasses import replace

import pytest
import tree_sitter_powershell
from hypothesis import given, settings
from tree_sitter import Language, Parser

from callgate.dialects.windows import Windows
from callgate.policy.model import Notice
from callgate.policy.site import On
from tests.support.hostile import hostile
from tests.support.policies import SCENARIOS, policy

PARSER = Parser(Language(tree_sitter_powershell.language()))


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def commands(text):
    """The commands of a script by name; no part of it may be a mistake."""
    root = PARSER.parse(text.encode()).root_node
    assert not root.has_error, [n.text for n in nodes(root) if n.is_error or n.is_missing]
    return [node.text.decode() for node in nodes(root) if node.type == "command_name"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_script_is_powershell(scenario):
    for artifact in Windows().generate(policy(scenario, on=On.HOST)):
        assert commands(artifact.text)


def test_the_grammar_would_notice():
    text = Windows().generate(policy(on=On.HOST))[0].text
    with pytest.raises(AssertionError):
        commands(text.replace("-DisplayName '", "-DisplayName ' '", 1))


@settings(max_examples=60, deadline=None)
@given(hostile())
def test_whatever_things_are_called_no_command_comes_of_it(text):
    plain = policy(on=On.HOST)
    rules = tuple(replace(rule, id=text, why=text) for rule in plain.rules)
    named = replace(plain, rules=rules, site=text, notices=(Notice("n", text),))
    one, other = (Windows().generate(each)[0].text for each in (plain, named))
    assert commands(one) == commands(other)

"""Whatever a user calls things, the generated text keeps its lines and its names.

The shape of every line of a file is known; a text that broke out of a comment, a set or a
string would make a line of another shape.
"""

import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.dialects.iptables import Iptables
from callgate.dialects.nftables import Nftables
from callgate.policy.model import Networks, Notice
from callgate.policy.site import On
from tests.support.hostile import hostile
from tests.support.policies import IPT_MERGE, NFT_MERGE, TURN, policy

NFT_LINE = re.compile(
    r"""
      \#.* | \s* | \}
    | (table|delete\ table)\ inet\ (callgate|filter)(\ \{\}?)?
    | flush\ (chain|set)\ inet\ filter\ callgate[a-z0-9_]*
    | \t(set\ [a-z][a-z0-9_]*|chain\ [a-z]+)\ \{(\ (type\ ipv[46]_addr;\ flags\ interval;\ )?\})?
    | \t\}
    | \t\t(type\ ipv[46]_addr|flags\ interval|elements\ =\ \{\ [0-9a-f:./,\ ]+\})
    | \t\ttype\ filter\ hook\ [a-z]+\ priority\ filter;\ policy\ (accept|drop);
    | \t\t[a-z][a-z0-9@_:./,&!=()|"\ {}-]*[a-z]\ +comment\ "[^"]*"
    """,
    re.VERBOSE,
)
RESTORE_LINE = re.compile(
    r"""
      \#.* | \*filter | COMMIT
    | :CALLGATE[A-Z0-9-]*\ -\ \[0:0\]
    | -A\ CALLGATE[A-Z0-9-]*\ (?:[-A-Za-z0-9.:/,!\ ]|--comment\ "[^"\\]*")*
    | -I\ [A-Z]+\ [0-9]+\ -m\ comment\ --comment\ callgate\ -j\ CALLGATE[A-Z-]*
    """,
    re.VERBOSE,
)


def named(original, text):
    """The policy with the same hostile text wherever a name or a sentence goes."""
    rules = tuple(
        replace(
            rule,
            id=text,
            why=text,
            destination=Networks(tuple(net for net in TURN if net.version == rule.family), text)
            if rule.ports
            else rule.destination,
        )
        for rule in original.rules
    )
    return replace(
        original,
        rules=rules,
        site=text,
        document=text,
        scenarios=(text,),
        profile=text,
        notices=(Notice(text, text),),
    )


@given(hostile(), st.sampled_from(On), st.booleans())
def test_no_name_breaks_out_of_nftables(text, on, merged):
    generated = Nftables().generate(named(policy(on=on, merge=NFT_MERGE if merged else None), text))
    for line in generated[0].text.split("\n"):
        assert NFT_LINE.fullmatch(line), line


@given(hostile(), st.sampled_from(On), st.booleans())
def test_no_name_breaks_out_of_iptables(text, on, merged):
    generated = Iptables().generate(named(policy(on=on, merge=IPT_MERGE if merged else None), text))
    for artifact in generated[:2]:
        for line in artifact.text.split("\n")[:-1]:
            assert RESTORE_LINE.fullmatch(line), line
            for comment in re.findall(r'--comment "([^"]*)"', line):
                assert len(comment.encode()) <= 255


@given(hostile())
def test_comments_fit_into_the_kernel(text):
    generated = Nftables().generate(named(policy(), text))
    for comment in re.findall(r'^\t\t.* comment "([^"]*)"$', generated[0].text, re.MULTILINE):
        assert len(comment.encode()) <= 128


@given(hostile())
def test_no_name_reaches_a_script(text):
    for dialect in (Nftables(), Iptables()):
        plain_scripts = dialect.generate(policy())[-2:]
        assert dialect.generate(named(policy(), text))[-2:] == plain_scripts


@pytest.mark.parametrize("dialect", [Nftables(), Iptables()])
def test_a_chain_name_is_one_shell_word(dialect):
    point = replace(NFT_MERGE if dialect.name == "nftables" else IPT_MERGE, chain="a.b-c_d")
    script = {each.name: each.text for each in dialect.generate(policy(merge=point))}["apply.sh"]
    (line,) = [line for line in script.splitlines() if line.startswith("chain=")]
    assert shlex.split(line) == ["chain=a.b-c_d"]

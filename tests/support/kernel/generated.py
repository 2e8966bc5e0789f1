"""Rulesets that Hypothesis makes, tried in one judge that lives as long as the campaign."""

import random
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from callgate.dialects.reading import find
from callgate.errors import ToolError
from callgate.flows import Family
from tests.support.kernel import iptables_text, nftables_text
from tests.support.kernel.judge import Judge
from tests.support.kernel.trial import Tally, Trial

#: Kind -> dialect, strategy of texts, family that a dump is for.
KINDS = {
    "nftables": ("nftables", nftables_text.rulesets(), None),
    "iptables": ("iptables", iptables_text.rulesets(Family.V4), Family.V4),
    "ip6tables": ("iptables", iptables_text.rulesets(Family.V6), Family.V6),
}
#: Names that the rules speak of, and those that stand for all others.
INTERFACES = (*nftables_text.INTERFACES, "nosuch", "wanother", "other")


@dataclass
class Campaign:
    """What came of many rulesets of one kind; ``refused`` counts those that no kernel takes."""

    tally: Tally = field(default_factory=Tally)
    rulesets: int = 0
    refused: int = 0


def campaign(kind, examples, packets, start, *, shrink=False):
    """Try ``examples`` rulesets with ``packets`` each; ``start`` seeds every choice.

    AssertionError with the ruleset (the smallest that Hypothesis finds, with ``shrink``,
    which takes minutes) when one is judged otherwise than we say.
    """
    result = Campaign()
    dialect, texts, family = KINDS[kind]
    with Judge(INTERFACES) as judge:

        @seed(start)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink][: 1 + shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(texts, st.integers(0, 1 << 30))
        def one(text, choice):
            result.rulesets += 1
            tally = tried(judge, dialect, family, text, packets, choice)
            if tally is None:
                result.refused += 1
            else:
                result.tally += tally
                assert not tally.wrong, text + "\n".join(tally.wrong)

        one()
    return result


def tried(judge, dialect, family, text, packets, choice):
    """One text on trial; None when the kernel does not take it."""
    judge.clear()
    try:
        load(judge, dialect, family, text)
    except ToolError:
        return None
    ruleset = find(dialect).parse(text, "made")
    trial = Trial(judge, ruleset, lambda to: load(to, dialect, family, text), random.Random(choice))
    return trial.run(packets)


def load(judge, dialect, family, text):
    """Load a text, with the sets that it begins with; ToolError when it is refused."""
    namespace = judge.namespace
    if dialect == "nftables":
        namespace.load_nft(text)
        return
    sets, star, tables = text.partition("*")
    judge.make_sets(sets)
    tool = "iptables-restore" if family is Family.V4 else "ip6tables-restore"
    namespace.run(tool, stdin=star + tables)

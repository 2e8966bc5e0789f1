"""A file of the corpus on trial: read, loaded, and its packets sent."""

import random

from callgate.check.interfaces import InterfaceCells
from tests.support.kernel.judge import Judge
from tests.support.kernel.trial import Trial
from tests.support.kernel.witnesses import unconfirmed, witnesses

#: Longest name of an interface that Linux takes (IFNAMSIZ - 1).
_NAME_MAX = 15


def try_file(configuration, packets):
    """The tally of a file; ToolError when the kernel does not take it."""
    ruleset = configuration.read()
    with Judge(_interfaces(ruleset)) as judge:
        trial = Trial(judge, ruleset, _loader(configuration, ruleset), random.Random(1))
        return trial.run(packets)


def try_witnesses(configuration):
    """Every packet that answers about a file show, those not confirmed, and those not sent."""
    ruleset = configuration.read()
    found = witnesses(ruleset)
    ends = {
        end for each in found.shown for end in (each.sent.in_interface, each.sent.out_interface)
    }
    with Judge(sorted(ends - {""})) as judge:
        return found, *unconfirmed(judge, ruleset, _loader(configuration, ruleset), found.shown)


def _loader(configuration, ruleset):
    return lambda judge: configuration.load(judge, ruleset.families)


def _interfaces(ruleset):
    """A tunnel for each name that rules tell apart, and that a tunnel can have."""
    return [
        name
        for name in InterfaceCells.of([ruleset]).names
        if name and name != "lo" and len(name) <= _NAME_MAX and not set(name) & set("/: ")
    ]

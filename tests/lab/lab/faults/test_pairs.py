"""The derived truth of two faults is what programs that are not ours see under both."""

import random
from itertools import combinations

import pytest

from callgate.lab.faults import combine, find, names
from tests.lab.lab.faults.disagreements import disagreements

pytestmark = pytest.mark.lab


def meets(one, other):
    """Whether two faults touch a path that both of them touch: else there is nothing to derive."""
    return bool(find(one).truths.keys() & find(other).truths.keys())


#: Pairs that have a truth and had to be derived, in an order that is always the same.
DEFINED = [pair for pair in combinations(names(), 2) if meets(*pair) and combine(*pair).defined]
CHOSEN = random.Random(2).sample(DEFINED, 80)


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, marks=() if number < 6 else pytest.mark.slow)
        for number, pair in enumerate(CHOSEN)
    ],
    ids="+".join,
)
def test_a_pair_does_what_its_derived_truth_says(witness, pair):
    with witness.stage.broken(*map(find, pair)) as truth:
        found = disagreements(witness, truth)
        # Evidence that the link has lost comes again later than silence is told.
        for _ in range(4 if "link-lossy" in pair else 0):
            found = found and disagreements(witness, truth)
        assert found == []

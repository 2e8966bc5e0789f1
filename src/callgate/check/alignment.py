"""Two lists side by side: which stretches of one have no counterpart in the other.

What stands once in each list is an anchor, and the longest run of anchors that keep their
order cuts both lists into short gaps ("patience" alignment, by Bram Cohen). Only gaps are
compared element by element, so that long lists take hardly more than linear time.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

#: Longer gaps are taken as different altogether: matching them is quadratic.
_GAP: Final = 2_000
_Pair = tuple[int, int]
#: Begin and end in each of the two lists.
Stretch = tuple[_Pair, _Pair]


def stretches(one: Sequence[int], other: Sequence[int]) -> Iterator[Stretch]:
    """Where two lists differ, in order; what lies between is equal and in the same order."""
    start, first = 0, 0
    for stop, last in (*_anchors(one, other), (len(one), len(other))):
        for (low, high), (bottom, top) in _gap(one[start:stop], other[first:last]):
            yield (start + low, start + high), (first + bottom, first + top)
        start, first = stop + 1, last + 1


def _anchors(one: Sequence[int], other: Sequence[int]) -> list[_Pair]:
    """Places of what stands once in each list, as many as keep their order in both."""
    counts, others = Counter(one), Counter(other)
    places = {each: place for place, each in enumerate(other) if others[each] == 1}
    pairs = [
        (place, places[each])
        for place, each in enumerate(one)
        if counts[each] == 1 and each in places
    ]
    return _rising(pairs)


def _rising(pairs: list[_Pair]) -> list[_Pair]:
    """The longest subsequence whose second numbers rise (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        ends[pile : pile + 1] = [index]
    found: list[_Pair] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _gap(one: Sequence[int], other: Sequence[int]) -> Iterator[Stretch]:
    """The differing stretches between two anchors."""
    if max(len(one), len(other)) > _GAP:
        yield (0, len(one)), (0, len(other))
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, low, high, bottom, top in matcher.get_opcodes():
        if tag != "equal":
            yield (low, high), (bottom, top)

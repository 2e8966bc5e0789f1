from callgate.flows import IntervalSet
from callgate.flows.trees import chain, difference, intersection, paths, union


def tree(*intervals):
    return chain(tuple(IntervalSet.of(each) for each in intervals))


def test_nothing_is_left_of_a_tree_without_itself():
    assert difference(tree((1, 5), (1, 5)), tree((0, 9), (0, 9))) is None


def test_nothing_is_common_where_one_side_is_empty():
    assert intersection(tree((1, 5)), None) is None
    assert union(None, tree((1, 5))) == tree((1, 5))


def test_branches_with_equal_subtrees_merge():
    assert union(tree((1, 2), (7, 7)), tree((5, 6), (7, 7))) == chain(
        (IntervalSet.of((1, 2), (5, 6)), IntervalSet.of((7, 7)))
    )


def test_an_overlap_is_cut_on_the_first_axis():
    cut = union(tree((1, 5), (1, 1)), tree((4, 9), (2, 2)))
    assert [[list(axis) for axis in path] for path in paths(cut)] == [
        [[(1, 3)], [(1, 1)]],
        [[(4, 5)], [(1, 2)]],
        [[(6, 9)], [(2, 2)]],
    ]

import pytest

from callgate.verdicts import Verdict, exit_code

S, B, D, U = Verdict.SATISFIED, Verdict.BLOCKED, Verdict.DEPENDS, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 0),
        ([S, S], 0),
        ([S, D], 3),
        ([S, U], 3),
        ([D, U, B], 1),
        ([B], 1),
    ],
)
def test_exit_code(verdicts, code):
    assert exit_code(verdicts) == code


def test_a_verdict_prints_as_its_word():
    assert [str(each) for each in Verdict] == ["satisfied", "blocked", "depends", "unknown"]

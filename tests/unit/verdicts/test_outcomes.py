from callgate.verdicts import Outcome, Verdict, exit_code


def test_silence_and_what_was_not_tried_prove_nothing():
    assert Outcome.INCONCLUSIVE.verdict is Outcome.NOT_CHECKED.verdict is Verdict.UNKNOWN


def test_a_path_that_works_under_conditions_is_not_simply_satisfied():
    assert exit_code([Outcome.WORKS.verdict]) == 0
    assert exit_code([Outcome.WORKS.verdict, Outcome.DEGRADED.verdict]) == 3


def test_every_outcome_has_a_verdict():
    assert {each: each.verdict for each in Outcome}[Outcome.BLOCKED] is Verdict.BLOCKED

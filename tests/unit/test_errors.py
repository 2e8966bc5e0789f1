import pickle

import pytest

from callgate.errors import CallgateError, InputError, Mistake, UsageError, installing
from callgate.places import Place

LATE = Mistake(Place("site.yaml", 9), "unknown key `clint`", "did you mean `clients`?")
EARLY = Mistake(Place("site.yaml", 2), "empty list")


def test_a_hint_is_part_of_the_text():
    assert str(UsageError("no such scenario", hint="see --help")) == "no such scenario (see --help)"
    assert str(UsageError("no such scenario")) == "no such scenario"


def test_every_mistake_is_kept_in_order_of_place():
    error = InputError([LATE, EARLY])
    assert error.mistakes == (EARLY, LATE)
    assert str(error).splitlines() == [
        "site.yaml:2: empty list",
        "site.yaml:9: unknown key `clint`",
        "    hint: did you mean `clients`?",
    ]


def test_two_mistakes_at_one_place_with_and_without_hint_can_be_ordered():
    bare = Mistake(LATE.place, LATE.message)
    assert len(InputError([LATE, bare]).mistakes) == 2


@pytest.mark.parametrize(
    "error", [CallgateError("one", hint="two"), InputError([LATE, EARLY])], ids=["one", "many"]
)
def test_errors_survive_the_way_back_from_a_worker(error):
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert (str(back), vars(back)) == (str(error), vars(error))


@pytest.mark.parametrize(
    ("python", "command"),
    [
        ("/opt/c/bin/python", "/opt/c/bin/python -m pip install 'callgate[lab]'"),
        ("/my tools/python", "\"/my tools/python\" -m pip install 'callgate[lab]'"),
    ],
)
def test_an_extra_goes_to_the_python_that_runs(monkeypatch, python, command):
    monkeypatch.setattr("sys.executable", python)
    assert installing("lab") == command

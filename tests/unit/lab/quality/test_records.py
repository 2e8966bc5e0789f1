import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callgate.errors import CallgateError, InputError, UsageError
from callgate.lab.quality.figures import figures
from callgate.lab.quality.records import head, read, record
from tests.support.quality import run, settings

UDP, TCP = "av-40ms-3%-udp", "av-40ms-3%-tcp"
OURS = settings(UDP, TCP)
RUNS = [run(UDP, [20.0, None]), run(TCP, [20.25, 400.0], dropped=3)]
TEXT = head(OURS) + "".join(map(record, RUNS))


def test_what_is_kept_is_read_again():
    assert read(TEXT, "runs.jsonl", OURS) == (RUNS, len(TEXT))


def test_nothing_yet():
    assert read("", "runs.jsonl", OURS) == ([], 0)
    assert read(head(OURS), "runs.jsonl", OURS) == ([], len(head(OURS)))


@pytest.mark.parametrize("cut", [1, 2, 3, 500, len(record(RUNS[1])) - 1])
def test_a_last_line_that_was_cut_short_is_no_run(cut):
    runs, whole = read(TEXT[:-cut], "runs.jsonl", OURS)
    assert runs == RUNS[:1]
    assert TEXT[:whole] + record(RUNS[1]) == TEXT


def test_a_first_line_that_was_cut_short():
    assert read(head(OURS)[:-5], "runs.jsonl", OURS) == ([], 0)


@pytest.mark.parametrize(
    ("theirs", "named"),
    [
        (settings(UDP, TCP, seconds=6), "seconds"),
        (settings(UDP, TCP, seed=2), "seed"),
        (settings(UDP, TCP, repeat=2), "repeat"),
        (settings(UDP), "cells"),
    ],
)
def test_other_settings_are_another_measurement(theirs, named):
    with pytest.raises(UsageError, match=f"runs.jsonl was begun with other settings: {named} diff"):
        read(TEXT, "runs.jsonl", theirs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("my diary\n", "runs.jsonl:1: this line is no JSON object"),
        ("my diary", "runs.jsonl:1: this is no file of callgate.quality-run/1"),
        ("[]\n", "runs.jsonl:1: this line is no JSON object"),
        ('{"schema": "other/1"}\n', "runs.jsonl:1: this is no file of"),
        (head(OURS) + "{}\n" + record(RUNS[0]), "runs.jsonl:2: this line is no run"),
        (head(OURS) + "\n" + record(RUNS[0]), "runs.jsonl:2: this line is no JSON object"),
        (
            head(OURS) + record(run("audio-40ms-3%-udp", [20.0])),
            "runs.jsonl:2: this line is no run of these settings",
        ),
    ],
)
def test_a_file_that_is_damaged_or_none_is_an_error_with_its_place(text, message):
    with pytest.raises(InputError, match=message):
        read(text, "runs.jsonl", OURS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from(["cell", "repetition", "seed", "delays", "dropped", "lost", "health"]), JSON)
def test_any_value_in_any_field_is_read_or_refused(field, value):
    found = json.loads(record(RUNS[0])) | {field: value}
    try:
        runs, _ = read(head(OURS) + json.dumps(found) + "\n", "runs.jsonl", OURS)
    except CallgateError:
        return
    # What is taken is what stands there, and can be worked with.
    assert json.loads(record(runs[0])) == found
    figures(runs)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        runs, whole = read(text, "runs.jsonl", OURS)
    except CallgateError:
        return
    assert (runs, whole) == ([], 0)

import csv
import io
import json

import pytest

from callgate.cli.main import run
from callgate.cli.measured import measured


@pytest.mark.parametrize(
    ("allow", "choice", "code"),
    [
        ("udp/45000-49999,tcp/443", "unrestricted", 0),
        ("udp/3478,tcp/443", "turn-udp", 0),
        ("tcp/3478,443", "turn-tcp-3478", 0),
        ("tcp/443", "turn-tcp-443", 0),
        ("tcp/80", None, 1),
    ],
)
def test_the_choice_and_the_exit_code(capsys, allow, choice, code):
    assert run(["plan", "goto", "--allow", allow, "-o", "json"]) == code
    answer = json.loads(capsys.readouterr().out)
    assert answer["choice"] == choice
    assert [each["id"] for each in answer["scenarios"] if each["best"]] == (
        [choice] if choice else []
    )


def test_the_json_form_is_versioned_and_complete(capsys):
    assert run(["plan", "goto", "-o", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["schema"] == "callgate.plan/1"
    assert answer["profile"] == "goto/2.1"
    assert set(answer["scenarios"][0]) == {
        "id", "title", "rank", "recommended", "needs", "block", "quality", "measured", "paths",
        "fits", "best", "reasons", "missing",
    }  # fmt: skip


def test_the_table_says_what_to_choose_and_why_not_better(capsys):
    assert run(["plan", "goto", "--allow", "tcp/3478,tcp/443"]) == 0
    out = capsys.readouterr().out
    assert "Choose turn-tcp-3478 (TCP 3478 / 443 over TURN)." in out
    assert (
        "turn-udp would be better, but: not allowed here: UDP 3478 → All or turn-networks." in out
    )
    assert "supply turn-networks" in out


def test_what_the_lab_measured_stands_behind_the_vendors_sentences(capsys):
    run(["plan", "goto", "-o", "json"])
    scenarios = json.loads(capsys.readouterr().out)["scenarios"]
    found = {each["id"]: each["measured"] for each in scenarios}
    assert found["unrestricted"] is None
    paths = ("udp-relay", "tcp-relay", "tls-relay")
    assert [found[name]["path"] for name in list(found)[1:]] == list(paths)
    assert {found[name]["source"] for name in list(found)[1:]} == {"docs/quality.md"}
    run(["plan", "goto", "-o", "csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert "Measured" not in rows[1][2]
    for row, path in zip(rows[2:], paths, strict=True):
        vendor, ours = row[2].split("Measured by Callgate's lab (docs/quality.md): ")
        assert vendor.strip()
        assert f"by {path}, 40 ms round trip, 3 % loss: 95 % within" in ours
        share = next(each for each in found.values() if each and each["path"] == path)
        assert f"{share['audio']['late_or_lost']['share']:.1%} late or lost" in ours


def test_the_measurement_that_is_quoted_bears_the_documents_claim():
    late = {
        figures.cell.path: figures.audio.late.interval()
        for path in ("udp-relay", "tcp-relay", "tls-relay")
        if (figures := measured([path])) is not None
    }
    assert late["udp-relay"][1] < min(late["tcp-relay"][0], late["tls-relay"][0])
    assert measured(["udp-direct", "udp-relay"]) is None
    assert measured([]) is None


def test_markdown_and_csv_hold_a_row_for_each_scenario(capsys):
    run(["plan", "goto", "-o", "markdown"])
    assert capsys.readouterr().out.count("\n| ") == 5
    run(["plan", "goto", "-o", "csv"])
    assert len(list(csv.reader(io.StringIO(capsys.readouterr().out)))) == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plan", "gato"], "did you mean 'goto'"),
        (["plan", "goto", "--allow", "upd/3478"], "--allow"),
        (["plan", "goto", "--allow", "udp/70000"], "70000"),
        (["plan", "goto", "--client", "10.0.0.1/8"], "10.0.0.0/8"),
        (["plan", "goto", "--site", "/nonexistent"], "/nonexistent: cannot read"),
        (["plan", "goto", "--network", "turn-networks"], "NAME=NETWORK"),
        (["plan", "goto", "--network", "turn=192.0.2.0/24"], "no network list 'turn'"),
        (["plam", "goto"], "did you mean 'plan'"),
    ],
)
def test_wrong_usage_says_what_is_wrong(capsys, arguments, said):
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert not captured.out

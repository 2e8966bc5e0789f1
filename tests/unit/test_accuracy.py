"""The judge of the probe's campaign: what is wrong counts as wrong."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from callgate.lab.faults import FAMILIES, Path, combine
from scripts import campaign
from scripts.accuracy_page import Figures, accuracy_page
from tests.support.accuracy import Run, call, call_right, confusion, rows, score

HARD, SILENT = ("udp-3478-reject",), ("udp-3478-drop",)


def perfect(faults):
    """What a probe that is always right says."""
    said = {}
    for path in Path:
        for family in (None,) if path.proxied else FAMILIES:
            truth = combine(*faults).truth(path, family or 4)
            said[path.value, family] = (
                (str(truth.outcome), str(truth.cause)) if truth else ("works", None)
            )
    return Run(faults, said, *call(faults), 1.0)


def mistaken(faults, path, *told, family=4):
    """The same, but one path is called something else."""
    run = perfect(faults)
    return replace(run, said=run.said | {(path, family): told})


def wrong(run):
    return [str(row) for row in rows(run) if not row.right]


@pytest.mark.parametrize("faults", [(), HARD, SILENT, ("ipv6-drop",), ("dns-slow", "proxy-bumps")])
def test_the_truth_is_right(faults):
    run = perfect(faults)
    assert wrong(run) == []
    assert call_right(run)
    assert len(list(rows(run))) == 13


@pytest.mark.parametrize(
    "told",
    [
        ("blocked", "drop"),
        ("degraded", "reject"),
        ("works", None),
        ("inconclusive", None),
        ("not checked", None),
    ],
)
def test_all_else_is_wrong(told):
    said = ": ".join(each for each in told if each)
    assert wrong(mistaken(HARD, "udp-relay", *told)) == [
        f"udp-3478-reject: udp-relay IPv4: said {said!r}, is 'blocked: reject'"
    ]


def test_a_path_that_nobody_speaks_of_is_wrong():
    run = perfect(HARD)
    said = {key: told for key, told in run.said.items() if key != ("signalling", 4)}
    assert wrong(replace(run, said=said)) == [
        "udp-3478-reject: signalling IPv4: said 'not checked', is 'works'"
    ]


def test_a_fault_of_one_family_is_no_fault_of_the_other():
    assert wrong(mistaken(("ipv6-drop",), "tcp-relay", "blocked", "address family")) != []
    assert wrong(mistaken(("ipv6-drop",), "tcp-relay", "works", None, family=6)) != []


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ((), ("udp-direct", "udp-direct")),
        (HARD, ("udp-direct", "udp-direct")),
        (("udp-drop",), ("tcp-relay@proxy", "udp-direct")),
        (("udp-drop", "proxy-refuses-3478"), ("tls-relay@proxy", "udp-direct")),
        (("captive-portal",), ("none", "udp-direct")),
    ],
)
def test_the_call_follows_from_the_truth(faults, expected):
    assert call(faults) == expected
    assert not call_right(replace(perfect(faults), now="tls-relay"))
    assert not call_right(replace(perfect(faults), best="tls-relay"))


def test_what_has_no_truth_is_refused():
    run = Run(("dns-nxdomain", "dns-servfail"), {}, "none", "none", 1.0)
    with pytest.raises(ValueError, match="undefined"):
        list(rows(run))


def test_of_several_findings_the_best_stands():
    findings = [
        {"family": 4, "outcome": outcome, "cause": cause}
        for outcome, cause in (("inconclusive", None), ("blocked", "drop"), ("not checked", None))
    ]
    account = {
        "paths": [{"path": "udp-direct", "findings": findings}],
        "diagnosis": {"now": "none", "best": "udp-direct"},
        "seconds": 2.5,
    }
    run = Run.of(["udp-drop"], account)
    assert run.said == {("udp-direct", 4): ("blocked", "drop")}
    assert (run.faults, run.now, run.best, run.seconds) == (
        ("udp-drop",),
        "none",
        "udp-direct",
        2.5,
    )


def test_every_wrong_answer_is_counted_and_named():
    blamed = mistaken((), "udp-relay", "blocked", "drop")
    runs = [perfect(()), perfect(HARD), perfect(SILENT), mistaken(HARD, "udp-relay", "works", None)]
    found = Figures(runs, [perfect(()), blamed])
    assert (str(found.hard_runs), str(found.all_runs)) == ("1 of 2 (50.00 %)", "3 of 4 (75.00 %)")
    assert found.paths("silent").share == 1.0
    assert found.blamed == 1
    assert not found.good
    assert found.as_json()["wrong"] == [
        "udp-3478-reject: udp-relay IPv4: said 'works', is 'blocked: reject' (1×)"
    ]
    page = accuracy_page(runs, [blamed], 1)
    assert "| 2 blocked: drop |" in page
    assert "1 runs called a path blocked" in page
    assert Figures(runs[:3], [perfect(())]).good
    assert confusion(found.rows)["blocked: reject", "works"] == 1


def kept(path, kind, run, **more):
    campaign._keep(path, {"kind": kind, **more, **campaign._plain(run)})


def test_what_was_measured_is_kept(tmp_path):
    path = tmp_path / "kept.jsonl"
    kept(path, "fault", perfect(HARD), paths=[])
    kept(path, "loss", perfect(()), chunk=0)
    assert campaign._kept(path) == ([perfect(HARD)], [perfect(())])


def test_what_was_measured_is_not_measured_again(tmp_path, monkeypatch, capsys):
    path, asked = tmp_path / "kept.jsonl", []
    monkeypatch.setattr(campaign, "singles", lambda: [(), HARD])
    monkeypatch.setattr(campaign, "pairs", lambda: [("udp-drop", "proxy-denies-turn")])
    monkeypatch.setattr(campaign, "ProcessPoolExecutor", ThreadPoolExecutor)
    monkeypatch.setattr(campaign, "_faults", lambda wanted, _: asked.extend(wanted))
    monkeypatch.setattr(campaign, "_loss", lambda chunks, _: asked.extend(chunks))
    kept(path, "fault", perfect(HARD), paths=[])
    kept(path, "fault", perfect(()), paths=[])
    kept(path, "fault", perfect(()), paths=[])
    kept(path, "loss", perfect(()), chunk=1)
    argv = ["--runs", "2", "--loss", "50", "--keep", str(path), "--page", str(tmp_path / "page")]
    assert campaign.main([*argv, "--jobs", "1"]) == 0
    assert asked == [(HARD, 1), (("udp-drop", "proxy-denies-turn"), 2), 0, 2]
    assert "confusion matrix" in (tmp_path / "page").read_text(encoding="utf-8")
    kept(path, "fault", mistaken(HARD, "udp-relay", "works", None), paths=[])
    assert campaign.main([*argv, "--jobs", "1"]) == 1
    assert "udp-3478-reject: udp-relay" in capsys.readouterr().out


def test_nothing_to_do_is_done():
    assert score([]).share == 1.0
    assert confusion([]) == Counter()

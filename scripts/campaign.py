"""The probe against every fault of the lab: ``make campaign``, figures as a page.

Every fault for itself and 40 pairs are tried three times each by an unprivileged probe; then
the probe runs a thousand times at 10 % random loss each way. What was measured is kept in a
file of JSON lines and not measured again: to begin anew, remove it. Exit 1 when a figure is
worse than it must be.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.accuracy_page import Figures, accuracy_page
from tests.lab.probe.campaign import (
    campaigning,
    distant,
    lossy,
    pairs,
    show,
    singles,
    trial,
)
from tests.support.accuracy import Run, rows

#: Loss runs of one process; each chunk has its own seed.
_CHUNK = 20


def main(arguments: list[str]) -> int:
    """Measure what is missing, write the page; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each fault and pair")
    parser.add_argument("--loss", type=int, default=1000, help="runs at 10 %% loss each way")
    parser.add_argument("--jobs", type=int, default=2, help="labs at the same time")
    parser.add_argument("--keep", type=Path, default=Path("out/campaign.jsonl"))
    parser.add_argument("--page", type=Path, default=Path("docs/probe-accuracy.md"))
    options = parser.parse_args(arguments)
    options.keep.parent.mkdir(parents=True, exist_ok=True)
    _measure(options)
    runs, losses = _kept(options.keep)
    options.page.write_text(accuracy_page(runs, losses, options.runs), encoding="utf-8")
    found = Figures(runs, losses)
    print(json.dumps(found.as_json(), indent=2))
    return 0 if found.good else 1


def _measure(options: argparse.Namespace) -> None:
    runs, _ = _kept(options.keep)
    done = Counter(run.faults for run in runs)
    wanted = [(faults, options.runs - done[faults]) for faults in [*singles(), *pairs()]]
    wanted = [each for each in wanted if each[1] > 0]
    tried = {line["chunk"] for line in _lines(options.keep) if line["kind"] == "loss"}
    chunks = [each for each in range(-(-options.loss // _CHUNK)) if each not in tried]
    with ProcessPoolExecutor(options.jobs) as pool:
        slices = [wanted[number :: options.jobs] for number in range(options.jobs)]
        tasks = [pool.submit(_faults, each, options.keep) for each in slices if each]
        seeds = [chunks[number :: options.jobs] for number in range(options.jobs)]
        tasks += [pool.submit(_loss, each, options.keep) for each in seeds if each]
        for task in tasks:
            task.result()


def _faults(wanted: list[tuple[tuple[str, ...], int]], keep: Path) -> None:
    with campaigning() as seat:
        for faults, count in wanted:
            for run, account in trial(seat, faults, count):
                wrong = [str(row) for row in rows(run) if not row.right]
                show("\n".join(wrong) or f"{'+'.join(faults) or 'healthy'}: as it is")
                _keep(keep, {"kind": "fault", **_plain(run), "paths": account["paths"]})


def _loss(chunks: Iterable[int], keep: Path) -> None:
    for chunk in chunks:
        with distant(40, loss=10.0, seed=chunk + 1) as seat:
            for run in lossy(seat, _CHUNK):
                _keep(keep, {"kind": "loss", "chunk": chunk, **_plain(run)})
        show(f"loss: {(chunk + 1) * _CHUNK} runs")


def _plain(run: Run) -> dict[str, Any]:
    said = [[*key, *told] for key, told in run.said.items()]
    return asdict(run) | {"said": said}


def _keep(path: Path, what: dict[str, Any]) -> None:
    """One write for one line, so that several processes may append."""
    with path.open("a", encoding="utf-8") as sink:
        sink.write(json.dumps(what) + "\n")


def _kept(path: Path) -> tuple[list[Run], list[Run]]:
    """Runs under faults, and under loss."""
    lines = list(_lines(path))
    of = {
        kind: [_run(line) for line in lines if line["kind"] == kind] for kind in ("fault", "loss")
    }
    return of["fault"], of["loss"]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _run(line: dict[str, Any]) -> Run:
    said = {(path, family): (outcome, cause) for path, family, outcome, cause in line["said"]}
    return Run(tuple(line["faults"]), said, line["now"], line["best"], line["seconds"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

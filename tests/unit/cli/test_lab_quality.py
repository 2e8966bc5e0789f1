"""`callgate lab quality` as far as nothing must be measured: options, files, output."""

import csv
import fcntl
import io
import json
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from callgate.cli.kept_runs import KeptRuns
from callgate.cli.main import run as callgate
from callgate.errors import InputError, UsageError
from callgate.lab.quality.cells import quick
from callgate.lab.quality.records import head, record
from callgate.netns import Rights
from tests.support.quality import WELL, run, settings

NAMES = [cell.name for cell in quick()]
DELAYS = {"udp": [20.0] * 30 + [None], "tcp": [20.0, 20.0, 380.0], "tls": [20.0, 400.0]}


@pytest.fixture
def done(tmp_path):
    """The file of a quick measurement that is complete."""
    found = [run(name, DELAYS[name[-3:]] if "3%" in name else [20.0]) for name in NAMES]
    file = tmp_path / "runs.jsonl"
    file.write_text(head(settings(*NAMES)) + "".join(map(record, found)))
    return file


def quality(capsys, *arguments):
    code = callgate(["lab", "quality", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["got"], "did you mean 'goto'"),
        (["--full", "--cell", NAMES[0]], "--full and --cell exclude each other"),
        (["--cell", "av-40ms-3%-tpc"], "did you mean 'av-40ms-3%-tcp'"),
        (["--plot", "picture.gif"], "ends neither in .svg nor in .png"),
        (["--seconds", "4"], "--seconds"),
        (["--repeat", "0"], "--repeat"),
        (["--seed", "-1"], "--seed"),
        (["--jobs", "0"], "--jobs"),
        (["-o", "yaml"], "yaml"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(capsys, arguments, said):
    code, out, err = quality(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_finished_measurement_is_only_shown(capsys, done):
    before = done.read_bytes()
    code, out, err = quality(capsys, "--seconds", 5, "--resume", done)
    assert (code, err) == (0, "")
    assert "tcp-relay" in out
    assert "20 / 380 /" in out
    assert "MOS: ITU-T G.107 (narrowband) with Ie 0 (g711-plc: ITU-T G.113 appendix I)" in out
    assert "1 × 5 s each, seed 1, TCP with cubic" in out
    assert done.read_bytes() == before


def test_json_csv_and_markdown_say_the_same(capsys, done):
    arguments = ("--seconds", 5, "--resume", done, "-o")
    found = json.loads(quality(capsys, *arguments, "json")[1])
    assert found["schema"] == "callgate.quality/1"
    assert [cell["cell"] for cell in found["cells"]] == NAMES
    assert found["settings"]["seed"] == 1
    assert found["void"] == []
    _, out, err = quality(capsys, *arguments, "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["cell"] for row in rows] == NAMES
    assert "Wilson" in err
    for cell, row in zip(found["cells"], rows, strict=True):
        assert float(row["audio_p95_ms"]) == cell["audio"]["p95_ms"]
        lost = cell["audio"]["late_or_lost"]["share"]
        assert float(row["audio_late_or_lost"]) == pytest.approx(lost, abs=1e-5)
        assert float(row["mos_opus"]) == cell["mos"]["opus-40k"]
    _, out, _ = quality(capsys, *arguments, "markdown")
    assert out.count("\n| ") == len(NAMES)
    assert "20 / 380 / 380" in out


def test_the_same_file_gives_the_same_bytes(capsys, done):
    outputs = {
        quality(capsys, "--seconds", 5, "--resume", done, "-o", form)[1]
        for form in ("table", "json") * 2
    }
    assert len(outputs) == 2


def test_the_pictures_show_every_path(capsys, done, tmp_path):
    picture = tmp_path / "quality.svg"
    assert quality(capsys, "--seconds", 5, "--resume", done, "--plot", picture)[0] == 0
    texts = [each.text for each in ET.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert {"udp-relay", "tcp-relay", "tls-relay"} <= set(texts)
    image = tmp_path / "quality.png"
    assert quality(capsys, "--seconds", 5, "--resume", done, "--plot", image)[0] == 0
    data = image.read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) > (400, 400)


def test_a_picture_that_cannot_be_written(capsys, done, tmp_path):
    code, _, err = quality(
        capsys, "--seconds", 5, "--resume", done, "--plot", tmp_path / "no" / "x.svg"
    )
    assert code == 2
    assert "cannot write: No such file" in err


def test_another_measurements_file_is_refused_and_left_alone(capsys, done):
    before = done.read_bytes()
    code, out, err = quality(capsys, "--seconds", 6, "--resume", done)
    assert (code, out) == (2, "")
    assert "was begun with other settings: seconds" in err
    assert done.read_bytes() == before


@pytest.mark.parametrize("text", ["my diary\n", "my diary", "{}\n"])
def test_a_file_of_something_else_is_refused_and_left_alone(capsys, tmp_path, text):
    file = tmp_path / "diary.txt"
    file.write_text(text)
    code, _, err = quality(capsys, "--resume", file)
    assert code == 2
    assert f"{file}:1" in err
    assert file.read_text() == text


def test_a_damaged_line_is_named(capsys, done):
    lines = done.read_text().splitlines(keepends=True)
    done.write_text("".join([*lines[:3], "{}\n", *lines[3:]]))
    code, _, err = quality(capsys, "--seconds", 5, "--resume", done)
    assert code == 2
    assert f"{done}:4: this line is no run" in err


class TestKeptRuns:
    """What happens to the file while runs are added."""

    @pytest.fixture
    def ours(self):
        return settings(*NAMES[:2])

    def kept(self, file, ours):
        return KeptRuns(ours, str(file))

    def test_a_new_file_is_begun_and_continued(self, tmp_path, ours):
        file = tmp_path / "runs.jsonl"
        for name in NAMES[:2]:
            kept = self.kept(file, ours)
            assert kept.missing()[0].cell.name == name
            with kept.appending():
                kept.add(run(name, [20.0]))
        kept = self.kept(file, ours)
        assert kept.missing() == []
        assert [runs[0].cell.name for runs in kept.by_cell()] == NAMES[:2]
        assert file.read_text().startswith(head(ours))

    def test_what_a_kill_cut_short_is_written_again(self, tmp_path, ours):
        file = tmp_path / "runs.jsonl"
        whole = head(ours) + record(run(NAMES[0], [20.0]))
        file.write_text(whole + record(run(NAMES[1], [20.0]))[:100])
        kept = self.kept(file, ours)
        with kept.appending():
            kept.add(run(NAMES[1], [30.0]))
        assert file.read_text() == whole + record(run(NAMES[1], [30.0]))

    def test_two_measurements_do_not_write_to_one_file(self, tmp_path, ours):
        file = tmp_path / "runs.jsonl"
        kept = self.kept(file, ours)
        with file.open("a") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            with pytest.raises(UsageError, match="is being written by another"), kept.appending():
                pass
        file.write_text(head(ours))
        with pytest.raises(UsageError, match="has just been changed"), kept.appending():
            pass

    def test_a_file_that_cannot_be_written(self, tmp_path, ours):
        kept = self.kept(tmp_path / "no" / "runs.jsonl", ours)
        with pytest.raises(InputError, match="cannot write"), kept.appending():
            pass

    def test_without_a_file_runs_are_kept_in_memory(self, ours):
        kept = KeptRuns(ours, None)
        with kept.appending():
            kept.add(run(NAMES[0], [20.0]))
        assert [task.cell.name for task in kept.missing()] == NAMES[1:2]


def test_pillow_is_asked_for_before_anything_runs(capsys, monkeypatch, done):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, _, err = quality(capsys, "--seconds", 5, "--resume", done, "--plot", "x.png")
    assert code == 2
    assert "callgate[plot]" in err
    assert not Path("x.png").exists()


class TestVoid:
    """What is said of runs that the machine spoiled; no lab is needed for that."""

    @pytest.fixture
    def measured(self, monkeypatch):
        from callgate.cli import lab_quality  # noqa: PLC0415 - its names are replaced
        from callgate.lab.quality import campaign  # noqa: PLC0415

        def give(*runs):
            monkeypatch.setattr(lab_quality, "_able", lambda: True)
            monkeypatch.setattr(campaign, "measure", lambda tasks, seconds, jobs: iter(runs))

        return give

    def test_a_run_that_stays_void_is_named_and_the_answer_inconclusive(
        self, capsys, measured, tmp_path
    ):
        ill = replace(WELL, missed=3)
        measured(run(NAMES[0], [20.0]), *[run(NAMES[1], [20.0], health=ill)] * 4)
        file = tmp_path / "runs.jsonl"
        code, out, err = quality(
            capsys, "--cell", ",".join(NAMES[:2]), "--seconds", 5, "--resume", file, "-o", "json"
        )
        assert code == 3
        found = json.loads(out)
        assert [cell["cell"] for cell in found["cells"]] == NAMES[:1]
        assert len(found["void"]) == 1
        assert "the link could not take 3 packets" in found["void"][0]
        assert err.count("to be repeated") == 4
        # It is measured anew when the file is resumed.
        assert NAMES[1] not in file.read_text().split("\n", 1)[1]

    def test_a_run_that_succeeds_in_the_end_counts(self, capsys, measured):
        ill = replace(WELL, link_late=0.5)
        measured(run(NAMES[0], [20.0], health=ill), run(NAMES[0], [20.0]))
        code, out, _ = quality(capsys, "--cell", NAMES[0], "--seconds", 5, "-o", "json")
        assert code == 0
        assert json.loads(out)["void"] == []

    def test_nothing_measured_at_all(self, capsys, measured):
        measured(*[run(NAMES[0], [20.0], health=replace(WELL, waited=9.0))] * 4)
        code, out, _ = quality(capsys, "--cell", NAMES[0], "--seconds", 5)
        assert code == 3
        assert f"{NAMES[0]}, run 1: void after 4 tries: the relay waited 9.0 ms" in out


def test_without_the_rights_it_is_inconclusive(capsys, monkeypatch):
    from callgate.cli import lab_quality  # noqa: PLC0415 - its names are replaced

    monkeypatch.setattr(lab_quality, "require_tools", lambda packages: None)
    monkeypatch.setattr(lab_quality, "rights", lambda: (Rights.USER_NAMESPACE, "allowed"))
    code, out, err = quality(capsys)
    assert (code, out) == (3, "")
    assert "impaired links need root" in err


def test_programs_that_are_missing_are_named_with_their_packages(capsys, monkeypatch):
    monkeypatch.setattr("callgate.cli.lab_needs.find", lambda tool: None)
    code, _, err = quality(capsys)
    assert code == 2
    assert "apt install coturn iproute2" in err

"""Every broken file gives its own clear error with file and line, exit code 2, and no output."""

import subprocess
import sys

import pytest

from callgate.cli.main import run
from tests.support.broken import CORPUS, PROFILES, SITES


def expected(kind):
    """Name of the case -> what must be said of it."""
    blocks = (CORPUS / "broken" / f"{kind}.txt").read_text(encoding="utf-8").split("== ")[1:]
    return dict(block.split("\n", 1) for block in blocks)


SAID_OF_PROFILES = expected("profiles")
SAID_OF_SITES = expected("sites")
GENERATE = ("generate", "goto", "--scenario", "turn-tcp-443", "--dialect", "nftables", "-d", "out")


def as_bytes(data):
    return data.encode() if isinstance(data, str) else data


def test_the_good_profile_is_good(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profile.yaml").write_text((CORPUS / "profiles" / "acme.yaml").read_text())
    assert run(["profiles", "validate", "profile.yaml"]) == 0


def test_every_case_has_its_own_words():
    assert SAID_OF_PROFILES.keys() == PROFILES.keys()
    assert SAID_OF_SITES.keys() == SITES.keys()


@pytest.mark.parametrize("name", PROFILES)
def test_a_broken_profile(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profile.yaml").write_bytes(PROFILES[name])
    assert run(["profiles", "validate", "profile.yaml"]) == 2
    assert capsys.readouterr() == ("", SAID_OF_PROFILES[name])


@pytest.mark.parametrize("name", SITES)
def test_a_broken_site_file(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    file, data = SITES[name]
    (tmp_path / file).write_bytes(as_bytes(data))
    assert run([*GENERATE, "--site", file]) == 2
    assert capsys.readouterr() == ("", SAID_OF_SITES[name])
    assert [path.name for path in tmp_path.iterdir()] == [file]


@pytest.mark.parametrize("name", ["YAML bomb", "binary", "host bits"])
def test_the_command_itself_ends_with_2(name, tmp_path):
    file, data = SITES[name]
    (tmp_path / file).write_bytes(as_bytes(data))
    done = subprocess.run(
        [sys.executable, "-m", "callgate", *GENERATE, "--site", file],
        cwd=tmp_path,
        env={"PYTHONPATH": str(CORPUS.parents[1] / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", SAID_OF_SITES[name])

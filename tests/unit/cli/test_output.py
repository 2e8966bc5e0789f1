"""Where standard output leads is not ours: a full disk is said in words, never as a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", ["plan goto", "profiles show goto -o yaml", "--version"])
def test_a_full_disk_is_an_error_in_words(words):
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "callgate", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot write: ")
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr

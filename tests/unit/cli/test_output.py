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


def closed(*words, errors=True):
    """A run with standard output closed, as ``>&-`` does; without ``errors`` 2>&- as well."""
    both = "exec 1>&-; " + ("" if errors else "exec 2>&-; ") + 'exec "$0" "$@"'
    return subprocess.run(
        ["/bin/sh", "-c", both, sys.executable, "-m", "callgate", *words],
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    )


def test_output_that_goes_nowhere_is_an_error_in_words():
    done = closed("plan", "goto")
    assert done.returncode == 2
    assert "error: cannot write: " in done.stderr
    assert "Traceback" not in done.stderr


def test_files_are_written_without_a_standard_output(tmp_path):
    site = ("--client", "192.0.2.0/24", "-d", str(tmp_path))
    done = closed("generate", "goto", "--dialect", "nftables", "--scenario", "turn-tcp-443", *site)
    assert done.returncode == 0
    text = (tmp_path / "callgate.nft").read_text()
    assert text.startswith("#!")
    # A closed descriptor is the first that a file gets: nothing else may land in that file.
    assert text.rstrip().endswith("}")


def test_nowhere_to_complain_is_no_reason_to_fall_over():
    assert closed("check", "goto", "/absent", errors=False).returncode == 2

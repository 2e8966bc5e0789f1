"""The doors that README.md and CI use: they exist and at least parse."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_executable_and_parse(script):
    assert os.access(script, os.X_OK)
    interpreter = script.read_text().splitlines()[0].split("/")[-1].split()[-1]
    subprocess.run([interpreter, "-n", script], check=True)


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "docs", "quality"])
def test_make_targets(target):
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    done = subprocess.run(
        [make, "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert "Nothing to be done" not in done.stdout

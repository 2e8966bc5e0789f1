"""What asking for the version costs, beside the bare interpreter and an empty click program."""

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.timing import Measurement, fastest

RIVALS = {
    "python -c pass": "pass",
    "an empty click command": "import click; click.command()(lambda: None)(args=[])",
}


def measurements() -> Iterator[Measurement]:
    """``callgate --version`` against each rival."""
    ours = fastest(lambda: _run("-m", "callgate", "--version"))
    for name, script in RIVALS.items():
        yield Measurement("callgate --version", ours, name, fastest(lambda s=script: _run("-c", s)))


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

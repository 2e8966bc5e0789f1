"""Sessions in README and docs are what the commands print; ``…`` stands for lines left out."""

import re
import shlex
from pathlib import Path

import pytest

from callgate.cli.main import run
from tests.lab.requirements import require

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def sessions() -> list[tuple[str, list[str]]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```console\n(.*?)^```$", text, flags=re.M | re.S):
            for part in block.split("$ ")[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                found.append((command, shown))
    return found


def agrees(shown: list[str], printed: list[str]) -> bool:
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


@pytest.mark.lab
@pytest.mark.parametrize(("command", "shown"), sessions(), ids=[each[0] for each in sessions()])
def test_the_session_is_what_the_commands_print(capsys, monkeypatch, command, shown):
    program, *arguments = shlex.split(command)
    assert program == "callgate"
    if arguments[0] == "prove":
        require("ip", "nft")
    monkeypatch.chdir(ROOT)
    run(arguments)
    printed = capsys.readouterr().out.rstrip("\n").split("\n")
    assert agrees(shown, printed), "\n".join(printed)


def test_a_line_that_differs_is_seen():
    assert agrees(["a", "…", "c"], ["a", "b", "c"])
    assert agrees(["…", "c"], ["c"])
    assert not agrees(["a", "…", "c"], ["a", "b", "d"])
    assert not agrees(["a"], ["a", "b"])

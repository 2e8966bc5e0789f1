"""Print how much of each configuration in a folder is modelled, by file and by dialect.

``python -m scripts.corpus_table [FOLDER]``: for every file below the folder (by default
``$CALLGATE_CORPUS`` or ``../shared/corpus``) its dialect, the lines that take part in filtering
(:mod:`scripts.statements`), and what became of them:

* *decided*: modelled, and nothing else;
* *conditions*: understood as a match that the text cannot decide (a rate, a user, a hardware
  address, an object that is not there), and named in the answer;
* *strange*: reported with its place as something that is not modelled.

A file that cannot be read shows its first mistake instead. Exit code 0; 2 when there is no
such folder.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callgate.dialects import reading
from callgate.errors import CallgateError
from callgate.rules import Ruleset
from scripts.statements import filtering_lines


@dataclass(frozen=True)
class Row:
    """What one file came to; ``problem`` is set when it could not be read."""

    file: str
    dialect: str = ""
    statements: int = 0
    conditions: int = 0
    strange: int = 0
    problem: str = ""

    @property
    def decided(self) -> int:
        """Statements that are modelled, and nothing else."""
        return self.statements - self.conditions - self.strange

    def __str__(self) -> str:
        if self.problem:
            return f"{self.file:<72} {self.dialect:<11} {self.problem}"
        return f"{self.file:<72} {self.dialect:<11} {_counts([self])}"


HEADER = f"{'statements':>10} {'decided':>8} {'conditions':>10} {'strange':>8} modelled"


def _counts(rows: list[Row]) -> str:
    """The columns of one file, or of several together."""
    total = sum(row.statements for row in rows)
    decided, conditions, strange = (
        sum(getattr(row, name) for row in rows) for name in ("decided", "conditions", "strange")
    )
    share = f"{100 * (total - strange) / total:5.1f} %" if total else "      -"
    return f"{total:10,} {decided:8,} {conditions:10,} {strange:8,} {share:>8}"


def rows(folder: Path) -> Iterator[Row]:
    """One row for each file, in order of their names."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = str(path.relative_to(folder))
        shown = name if len(name) <= 72 else f"…{name[-71:]}"
        dialect = ""
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            reader = reading.recognise(text, name)
            dialect = reader.name
            yield counted(shown, dialect, text, reader.parse(text, name))
        except CallgateError as error:
            first = error.message.splitlines()[0].removeprefix(f"{name}:")
            yield Row(shown, dialect, problem=first[:100])


def counted(name: str, dialect: str, text: str, ruleset: Ruleset) -> Row:
    """The lines that filter, and those of them that hang on something or are strange."""
    rules = [rule for chain in ruleset.chains.values() for rule in chain.rules]
    hung = {literal.condition.place.line for rule in rules for literal in rule.match.conditions} | {
        rule.place.line for rule in rules if rule.match.conditions
    }
    reported = {each.place.line for each in ruleset.unmodelled}
    lines = (
        filtering_lines(text, dialect)
        | reported
        | {rule.place.line for rule in rules if rule.place.line}
    )
    return Row(name, dialect, len(lines), len(hung & lines), len((reported & lines) - hung))


def by_dialect(every: list[Row]) -> Iterator[str]:
    """The same by dialect; files that are refused have no statements."""
    yield f"{'dialect':<12} files refused {HEADER}"
    for name in sorted({row.dialect for row in every if row.dialect}):
        mine = [row for row in every if row.dialect == name]
        refused = sum(bool(row.problem) for row in mine)
        yield f"{name:<12} {len(mine):5} {refused:7} {_counts(mine)}"
    unknown = sum(not row.dialect for row in every)
    yield f"of no dialect that is read here: {unknown} files"


def main(arguments: list[str]) -> int:
    """Print the table."""
    default = os.environ.get("CALLGATE_CORPUS", "../shared/corpus")
    folder = Path(arguments[0] if arguments else default)
    if not folder.is_dir():
        print(f"no folder {folder}: name one, or set CALLGATE_CORPUS", file=sys.stderr)
        return 2
    print(f"{'file':<72} {'dialect':<11} {HEADER}")
    every = []
    for row in rows(folder):
        print(row, flush=True)
        every.append(row)
    print()
    for line in by_dialect(every):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

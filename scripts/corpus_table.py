"""Print how much of each configuration in a folder is decided, by file and by dialect.

``python -m scripts.corpus_table [FOLDER]``: for every file below the folder (by default
``$CALLGATE_CORPUS`` or ``../shared/corpus``) its dialect, its rules, how many of them are
modelled completely, and how many are not. A file that cannot be read shows its first
mistake instead. Exit code 0; 2 when there is no such folder.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callgate.dialects import reading
from callgate.errors import CallgateError
from callgate.rules import Action, Ruleset


@dataclass(frozen=True)
class Row:
    """What one file came to; ``problem`` is set when it could not be read."""

    file: str
    dialect: str = ""
    rules: int = 0
    modelled: int = 0
    elsewhere: int = 0
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return f"{self.file:<72} {self.dialect:<10} {self.problem}"
        unmodelled = self.rules - self.modelled
        share = f"{100 * self.modelled / self.rules:5.1f} %" if self.rules else "      -"
        return (
            f"{self.file:<72} {self.dialect:<10} {self.rules:6} {self.modelled:8} "
            f"{unmodelled:10} {share} {self.elsewhere:9}"
        )


HEADER = f"{'file':<72} {'dialect':<10}  rules modelled unmodelled   share elsewhere"


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
            yield _counted(shown, reader.parse(text, name))
        except CallgateError as error:
            first = error.message.splitlines()[0].removeprefix(f"{name}:")
            yield Row(shown, dialect, problem=first[:100])


def _counted(name: str, ruleset: Ruleset) -> Row:
    """Rules by their places: several that stand for one line are one."""
    rules = {rule.place for chain in ruleset.chains.values() for rule in chain.rules}
    unsure = {
        rule.place
        for chain in ruleset.chains.values()
        for rule in chain.rules
        if rule.action is Action.UNMODELLED
        or (rule.match.conditions and rule.action is not Action.CONTINUE)
    }
    lines = {place.line for place in rules}
    elsewhere = sum(each.place.line not in lines for each in ruleset.unmodelled)
    return Row(name, ruleset.dialect, len(rules), len(rules - unsure), elsewhere)


def main(arguments: list[str]) -> int:
    """Print the table."""
    default = os.environ.get("CALLGATE_CORPUS", "../shared/corpus")
    folder = Path(arguments[0] if arguments else default)
    if not folder.is_dir():
        print(f"no folder {folder}: name one, or set CALLGATE_CORPUS", file=sys.stderr)
        return 2
    print(HEADER)
    every = []
    for row in rows(folder):
        print(row, flush=True)
        every.append(row)
    print()
    for line in by_dialect(every):
        print(line)
    return 0


def by_dialect(every: list[Row]) -> Iterator[str]:
    """Files, statements that filter, and how many of them are modelled, by dialect.

    A statement is a rule, or something reported that stands in no rule: an object, a group, a
    binding. A file that is refused has none.
    """
    names = sorted({row.dialect for row in every if row.dialect})
    yield f"{'dialect':<12} files refused statements modelled unmodelled   share"
    for name in names:
        mine = [row for row in every if row.dialect == name]
        total = sum(row.rules + row.elsewhere for row in mine)
        modelled = sum(row.modelled for row in mine)
        share = f"{100 * modelled / total:5.1f} %" if total else "      -"
        refused = sum(bool(row.problem) for row in mine)
        yield (
            f"{name:<12} {len(mine):5} {refused:7} {total:10,} {modelled:8,} "
            f"{total - modelled:10,} {share}"
        )
    unknown = [row.file for row in every if not row.dialect]
    yield f"of no dialect that is read here: {len(unknown)} files"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Rulesets that other people wrote, as kernels of today can load them.

The corpus is not part of this project. ``CALLGATE_CORPUS`` says where it is; without it,
the folder beside the project is tried.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from callgate.dialects.reading import find
from callgate.flows import Family
from callgate.rules import Ruleset

ROOT = Path(__file__).parents[3]
FOLDERS = {"iptables": "iptables-save", "nftables": "nftables"}
_SETS = re.compile(r"--match-set (\S+) (\S+)")
#: What ``iptables-restore`` does not take, what it is replaced with, and how that is told.
_PATCHES = (
    (r"[ \t]+$", "", "spaces at the ends of lines left out"),
    (r"\A(?:[^*#].*\n|\n)+", "", "prose before the tables left out"),
    (r"^(?![*:#\[-]|COMMIT$).+$", "", "prose after the tables left out"),
    # Published dumps hide addresses; rules about hardware addresses are conditions anyway.
    (r"(?<=--mac-source )(?![0-9A-Fa-f:]{17}\b)\S+", "02:00:00:00:00:01", "MAC addresses made up"),
    (r"<private_ip>", "192.0.2.77", "private addresses made up"),
    (r"(-[sd]) ! ", r"! \1 ", "negations put where they are written today"),
)


@dataclass(frozen=True)
class Configuration:
    """A file of the corpus, and what of it a kernel is given: ``patches`` says what differs."""

    path: Path
    dialect: str
    text: str
    loadable: str
    patches: tuple[str, ...] = ()

    @classmethod
    def of(cls, path, dialect):
        text = path.read_text(encoding="utf-8")
        patches = []
        loadable = text
        for pattern, replacement, what in _PATCHES if dialect == "iptables" else ():
            loadable, count = re.subn(pattern, replacement, loadable, flags=re.MULTILINE)
            if count:
                patches.append(what)
        if _SETS.search(text):
            patches.append("sets made, empty")
        return cls(path, dialect, text, loadable, tuple(patches))

    @property
    def name(self):
        """A short name: what comes after the last folder mark."""
        return self.path.name.removeprefix("net-network__")

    def read(self) -> Ruleset:
        """What our reader makes of it."""
        return find(self.dialect).parse(self.text, self.name)

    def load(self, judge, families):
        """Load it; ToolError with the tool's words if that cannot be done."""
        namespace = judge.namespace
        if self.dialect == "nftables":
            namespace.load_nft(self.loadable)
            return
        kinds = ("hash:ip", "hash:ip,port", "hash:ip,port,ip")
        sets = {name: kinds[sides.count(",")] for name, sides in _SETS.findall(self.text)}
        if sets:
            judge.make_sets("".join(f"create {name} {kind}\n" for name, kind in sets.items()))
        tool = "iptables-restore" if Family.V4 in families else "ip6tables-restore"
        namespace.run(tool, stdin=self.loadable)


def folder():
    """Where the corpus is; None where there is none."""
    named = os.environ.get("CALLGATE_CORPUS")
    path = Path(named) if named else ROOT.parent / "shared" / "corpus"
    path = path if path.is_absolute() else ROOT / path
    return path if path.is_dir() else None


def configurations():
    """Every file that a Linux kernel might load."""
    home = folder()
    if home is None:
        return []
    return [
        Configuration.of(path, dialect)
        for dialect, below in FOLDERS.items()
        for path in sorted((home / below).iterdir())
        if path.is_file()
    ]


def require_corpus():
    """Skip, with the reason, where there is no corpus."""
    if folder() is None:
        pytest.skip("no corpus of configurations: set CALLGATE_CORPUS")

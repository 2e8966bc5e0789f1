"""The house is as the plan says: rooms in order, pure rooms pure, everything explained.

The order of :data:`ROOMS` is the plan. Imports inside functions count like any other.
"""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import callgate

PACKAGE = Path(callgate.__file__).parent

#: Every room, each one allowed to import those before it. ``cli`` may import them all.
ROOMS = (
    "places",
    "errors",
    "names",
    "flows",
    "verdicts",
    "profiles",
    "policy",
    "rules",
    "dialects",
    "check",
    "pac",
    "stun",
    "quality",
    "probe",
    "netns",
    "lab",
    "report",
    "cli",
)
#: The package itself, and the entry point that hands over to ``cli``.
DOORS = {"__init__", "__main__"}
#: Rooms that only one other room may enter.
PRIVATE = {"lab": {"cli"}}
PURE = set(ROOMS[: ROOMS.index("pac")]) | {"stun", "quality", "probe"}
#: The part of ``probe`` that talks to the network.
IMPURE_FOLDERS = {("probe", "wire")}
EFFECTS = {
    "asyncio",
    "concurrent",
    "ctypes",
    "fcntl",
    "glob",
    "io",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
    "uuid",
}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "input", "print"}
#: How package data is read, where ``importlib.resources`` is imported.
DATA_CALLS = {"read_text", "read_bytes"}
LOOPHOLES = {"eval", "exec", "__import__"}


@dataclass(frozen=True)
class Module:
    """One source file of the package."""

    path: Path
    tree: ast.Module

    @property
    def parts(self):
        return self.path.relative_to(PACKAGE).with_suffix("").parts

    @property
    def room(self):
        return self.parts[0]

    @property
    def pure(self):
        return self.room in PURE and self.parts[:2] not in IMPURE_FOLDERS

    def imports(self):
        """Every imported module, and for ``from x import y`` also ``x.y``; with lines."""
        package = ("callgate", *self.parts[:-1])
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                base = ".".join((*above, *([node.module] if node.module else [])))
                yield base, node.lineno
                for alias in node.names:
                    yield f"{base}.{alias.name}", node.lineno

    def calls(self):
        """The last word of every called name, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name):
                    yield node.func.id, node.lineno
                elif isinstance(node.func, ast.Attribute):
                    yield node.func.attr, node.lineno


def read(path):
    return Module(path, ast.parse(path.read_text(encoding="utf-8")))


MODULES = [read(path) for path in sorted(PACKAGE.rglob("*.py"))]
#: Lines of the longest file that anybody still reads as one idea.
LONGEST = 500


def rooms_entered(module):
    """Rooms of the package that a module imports, with lines."""
    for name, line in module.imports():
        words = name.split(".")
        if words[0] == "callgate" and len(words) > 1 and words[1] in ROOMS:
            yield words[1], line


def misplaced_imports(module):
    if module.room in DOORS:
        return
    for room, line in rooms_entered(module):
        allowed = room == module.room or (
            ROOMS.index(room) < ROOMS.index(module.room)
            and module.room in PRIVATE.get(room, set(ROOMS))
        )
        if not allowed:
            yield f"{module.path}:{line}: {module.room} imports {room}"


def effects(module):
    if not module.pure:
        return
    for name, line in module.imports():
        if any(name == effect or name.startswith(f"{effect}.") for effect in EFFECTS):
            yield f"{module.path}:{line}: a pure room imports {name}"
    package_data = any(name == "importlib.resources" for name, _ in module.imports())
    for name, line in module.calls():
        if name in FILE_CALLS and not (package_data and name in DATA_CALLS):
            yield f"{module.path}:{line}: a pure room calls {name}()"


def unexplained(module):
    if not ast.get_docstring(module.tree):
        yield f"{module.path}:1: no docstring"
    yield from unexplained_below(module.path, module.tree)


def unexplained_below(path, scope):
    for node in scope.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not is_overload(node):
            yield f"{path}:{node.lineno}: {node.name} has no docstring"
        if isinstance(node, ast.ClassDef):
            yield from unexplained_below(path, node)


def is_overload(node):
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)


def unannotated(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            spec = node.args
            named = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
            named += [extra for extra in (spec.vararg, spec.kwarg) if extra]
            for argument in named:
                if argument.annotation is None and argument.arg not in {"self", "cls"}:
                    yield f"{module.path}:{argument.lineno}: {node.name}({argument.arg})"
            if node.returns is None:
                yield f"{module.path}:{node.lineno}: {node.name} -> ?"


def homeless(module):
    if module.room not in {*ROOMS, *DOORS}:
        yield f"{module.path}: no such room"


def evaluations(module):
    """Python's own; another engine's ``context.eval`` (the PAC sandbox) is a method."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            function = node.func
            own = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "builtins"
            name = function.attr if own else getattr(function, "id", "")
            if name in LOOPHOLES:
                yield f"{module.path}:{node.lineno}: {name}()"


def too_long(module):
    lines = len(module.path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST:
        yield f"{module.path}: {lines} lines"


@pytest.mark.parametrize(
    "check",
    [homeless, misplaced_imports, effects, evaluations, unexplained, unannotated, too_long],
    ids=lambda check: check.__name__,
)
def test_the_house_is_in_order(check):
    assert [fault for module in MODULES for fault in check(module)] == []


BAD = {
    "upward import": ("flows/x.py", "from callgate.policy import site", misplaced_imports),
    "import in a function": (
        "flows/x.py",
        "def f():\n    import callgate.cli.main",
        misplaced_imports,
    ),
    "relative import": ("flows/x.py", "from ..check import engine", misplaced_imports),
    "import from the package": ("flows/x.py", "from callgate import cli", misplaced_imports),
    "private room": ("report/x.py", "import callgate.lab.topology", misplaced_imports),
    "socket": ("flows/x.py", "import socket", effects),
    "part of os": ("flows/x.py", "from os import path", effects),
    "clock in a function": ("flows/x.py", "def f():\n    from time import time", effects),
    "open": ("flows/x.py", "open('x')", effects),
    "path": ("flows/x.py", "Path('x').read_text()", effects),
    "no such room": ("utils/x.py", "", homeless),
    "eval": ("cli/x.py", "eval('1')", evaluations),
    "eval of builtins": ("cli/x.py", "import builtins\nbuiltins.eval('1')", evaluations),
    "long file": ("cli/x.py", "\n" * 501, too_long),
    "no docstring": (
        "flows/x.py",
        "'''Doc.'''\nclass A:\n  '''Doc.'''\n  def b(): ...",
        unexplained,
    ),
    "no annotation": ("flows/x.py", "def f(*a) -> None: ...", unannotated),
    "no return annotation": ("flows/x.py", "def f(a: int): ...", unannotated),
}


@pytest.mark.parametrize("name", BAD)
def test_the_checks_above_see_what_they_look_for(name, monkeypatch, tmp_path):
    path, text, check = BAD[name]
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / path
    file.parent.mkdir()
    file.write_text(text)
    assert list(check(read(file)))


HEAVY = ("aerleon", "asyncio", "difflib", "jsonschema", "numpy", "rich", "ssl", "yaml")


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_look_at_the_command_imports_nothing_heavy(option):
    script = (
        "import sys\n"
        f"sys.argv = ['callgate', {option!r}]\n"
        "from callgate.__main__ import main\n"
        "code = main()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    assert "callgate" in done.stdout
    assert done.stderr.strip() == "[] 0"

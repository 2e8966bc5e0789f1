"""Reading the configurations that users have: dialect by content, includes beside the file."""

from collections.abc import Iterable
from pathlib import Path

from callgate.cli.files import read_text
from callgate.dialects import proxy_reading, reading
from callgate.errors import InputError, Mistake, UsageError
from callgate.places import Place
from callgate.rules import Ruleset
from callgate.rules.proxy import ProxyRuleset


def load(name: str, dialect: str = "auto") -> Ruleset:
    """Read what filters packets; InputError or UsageError when it cannot be read."""
    found = load_any(name, dialect)
    if isinstance(found, ProxyRuleset):
        raise UsageError(
            f"{found.source} decides by name ({found.dialect}), and this command asks by packet",
            hint="callgate check",
        )
    return found


def load_any(name: str, dialect: str = "auto") -> Ruleset | ProxyRuleset:
    """Read one configuration; InputError or UsageError when it cannot be read."""
    text = read_text(name)
    shown = "<stdin>" if name == "-" else name
    if not text.strip():
        raise InputError([Mistake(Place(shown), "the file is empty")])
    if dialect == "auto":
        by_name = proxy_reading.claims(text)
        if len(by_name) == 1 and not reading.claims(text):
            return proxy_reading.find(by_name[0]).parse(text, shown, beside(name))
        return reading.recognise(text, shown).parse(text, shown, beside(name))
    if dialect in proxy_reading.names():
        return proxy_reading.find(dialect).parse(text, shown, beside(name))
    reader = _filter_reader(dialect)
    ruleset = reader.parse(text, shown, beside(name))
    if not ruleset.entries and not reader.detect(text):
        raise InputError([_other_language(reader, text, shown)])
    return ruleset


def _filter_reader(dialect: str) -> reading.Reader:
    """The reader of a packet filter; the error names those of proxies too."""
    known = [*reading.names(), *proxy_reading.names()]
    if dialect not in known:
        hint = f"readable: {', '.join(known)}"
        raise UsageError(f"no dialect {dialect!r} can be read", hint=hint)
    return reading.find(dialect)


def _other_language(reader: reading.Reader, text: str, source: str) -> Mistake:
    """Say of a text in which the forced dialect finds nothing what it looks like."""
    claims = [*reading.claims(text), *proxy_reading.claims(text)]
    hint = f"it looks like {' or '.join(claims)}" if claims else None
    return Mistake(Place(source, 1), f"no configuration of {reader.title} is here", hint)


def beside(name: str) -> reading.Include:
    """Includes of a file: absolute, or relative to its folder; patterns in sorted order."""
    folder = Path(name).parent if name != "-" else Path()

    def include(pattern: str) -> Iterable[tuple[str, str]]:
        path = Path(pattern)
        if not any(mark in pattern for mark in "*?["):
            target = str(path if path.is_absolute() else folder / path)
            return [(target, read_text(target))]
        root = Path(path.anchor) if path.is_absolute() else folder
        relative = str(path.relative_to(path.anchor)) if path.is_absolute() else pattern
        return [(str(each), read_text(str(each))) for each in sorted(root.glob(relative))]

    return include


def files_below(names: tuple[str, ...]) -> list[str]:
    """The files named, directories replaced by every file below them that is not hidden."""
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name != "-" and path.is_dir():
            found += sorted(
                str(each)
                for each in path.rglob("*")
                if each.is_file()
                and not any(part.startswith(".") for part in each.relative_to(path).parts)
            )
        else:
            found.append(name)
    return found

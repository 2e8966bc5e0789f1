"""Profiles by name: those that come with Callgate, and those that are installed.

A profile is one YAML file ``<id>/<version>.yaml`` below a package. Another distribution
adds profiles with an entry point of the group ``callgate.profiles`` that names such a
package; nothing of it is run but its import. A name that comes with Callgate cannot be
taken over.
"""

from importlib import import_module, resources
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from typing import Final, cast

from callgate.errors import Mistake, UsageError
from callgate.places import Place
from callgate.profiles.convert import profile_of
from callgate.profiles.crosschecks import cross_checks
from callgate.profiles.documents import Record, input_error
from callgate.profiles.formats import FORMATS
from callgate.profiles.model import Profile
from callgate.profiles.schemas import load_schema, violations
from callgate.profiles.wording import did_you_mean
from callgate.profiles.yaml_text import read_yaml

GROUP: Final = "callgate.profiles"
_PACKAGE: Final = "callgate.profiles"
_SUFFIX: Final = ".yaml"


def load_profile(text: str, source: str, *, verified: bool = False) -> Profile:
    """Read a profile; InputError holds every mistake. ``source`` is what the user calls it.

    ``verified``: the text is known to be right (it comes with Callgate, and was tested),
    so that the validator of schemas need not be imported.
    """
    parsed = read_yaml(text, source)
    if not verified:
        schema = load_schema(_PACKAGE, "profile.schema.json")
        mistakes = [*violations(parsed, schema, FORMATS), *cross_checks(parsed)]
        if mistakes:
            raise input_error(mistakes)
    return profile_of(cast("Record", parsed.data))


def bundled() -> tuple[str, ...]:
    """Names of the profiles that come with Callgate, oldest version first."""
    return tuple(_files_of(_PACKAGE + ".data"))


def names() -> tuple[str, ...]:
    """Every name that :func:`find` knows in full: ``goto/2.1``; ours first."""
    return tuple(_all_files())


def find(name: str) -> Profile:
    """The profile ``goto/2.1``, or for ``goto`` its newest version.

    UsageError names what was probably meant; InputError when an installed one is broken.
    """
    files = _all_files()
    newest = {full.partition("/")[0]: full for full in sorted(files, key=_version)}
    full = newest.get(name, name)
    if full in files:
        return _loaded(full, files[full])
    meant = did_you_mean(name, [*newest, *files])
    raise UsageError(
        f"there is no profile {name!r}" + (f"; did you mean {meant!r}?" if meant else ""),
        hint="there are " + ", ".join(files),
    )


def _loaded(name: str, file: Traversable) -> Profile:
    text = file.read_text(encoding="utf-8")
    profile = load_profile(text, str(file), verified=name in bundled())
    if profile.name != name:
        message = f"the file of {name} says that it is {profile.name}"
        raise input_error([Mistake(Place(str(file), 1), message)])
    return profile


def _all_files() -> dict[str, Traversable]:
    found = _files_of(_PACKAGE + ".data")
    for entry in sorted(entry_points(group=GROUP)):
        for name, file in _files_of(entry.value).items():
            found.setdefault(name, file)
    return found


def _files_of(package: str) -> dict[str, Traversable]:
    import_module(package)
    found = {
        f"{folder.name}/{file.name.removesuffix(_SUFFIX)}": file
        for folder in resources.files(package).iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIX)
    }
    return dict(
        sorted(found.items(), key=lambda item: (item[0].partition("/")[0], _version(item[0])))
    )


def _version(name: str) -> tuple[int, ...]:
    digits = name.partition("/")[2].split(".")
    return tuple(int(each) if each.isdecimal() else -1 for each in digits)

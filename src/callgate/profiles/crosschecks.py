"""What no schema can say of a profile: ids that clash, references that lead nowhere.

Runs beside the schema, on data that may violate it, so that every mistake of a file is
reported at once; what has the wrong shape is skipped here, because the schema names it.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Final

from callgate.errors import Mistake
from callgate.flows import Network
from callgate.profiles.documents import JsonPath, ParsedText, Record, records
from callgate.profiles.wording import did_you_mean

#: Kinds of entries with an ``id``: each kind has its own space of ids.
_KINDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "product": (("products",),),
    "domain": (("domains",),),
    "network list": (("networks",),),
    "scenario": (("scenarios",),),
    "need": (("scenarios", "needs"),),
    "step": (("ladder",),),
    "remark": (("remarks",), ("scenarios", "quality"), ("scenarios", "remarks")),
}
#: Value that is a choice of the document and no reference.
_ALL: Final = "all"


def cross_checks(parsed: ParsedText) -> Iterator[Mistake]:
    """Every mistake between the parts of a profile."""
    for kind, chains in _KINDS.items():
        entries = [entry for chain in chains for entry in records(parsed.data, *chain)]
        if kind == "remark":
            entries += _inspections(parsed.data)
        yield from _clashes(parsed, kind, entries)
    yield from _ranks(parsed)
    yield from _endpoints(parsed)
    yield from _references(parsed)
    yield from _networks(parsed)


def _inspections(data: object) -> list[tuple[JsonPath, Record]]:
    return [
        ((*path, "inspection"), scenario["inspection"])
        for path, scenario in records(data, "scenarios")
        if isinstance(scenario.get("inspection"), dict)
    ]


def _clashes(
    parsed: ParsedText, kind: str, entries: Iterable[tuple[JsonPath, Record]]
) -> Iterator[Mistake]:
    seen: dict[str, JsonPath] = {}
    for path, entry in sorted(entries, key=lambda e: parsed.value_place(e[0])):
        name = entry.get("id")
        if isinstance(name, str):
            if name in seen:
                line = parsed.value_place(seen[name]).line
                place = parsed.value_place((*path, "id"))
                yield Mistake(
                    place, f"duplicate {kind} id {name!r}", f"it is already in line {line}"
                )
            seen.setdefault(name, (*path, "id"))


def _ranks(parsed: ParsedText) -> Iterator[Mistake]:
    seen: dict[int, int] = {}
    for path, scenario in records(parsed.data, "scenarios"):
        rank = scenario.get("rank")
        if isinstance(rank, int):
            place = parsed.value_place((*path, "rank"))
            if rank in seen:
                yield Mistake(place, f"two scenarios with rank {rank}", f"see line {seen[rank]}")
            seen.setdefault(rank, place.line)


def _endpoints(parsed: ParsedText) -> Iterator[Mistake]:
    seen: set[tuple[str, ...]] = set()
    for path, endpoint in records(parsed.data, "endpoints"):
        key = tuple(str(endpoint.get(each)) for each in ("role", "protocol", "port"))
        if key in seen:
            yield Mistake(parsed.value_place(path), f"duplicate endpoint {' '.join(key)}")
        seen.add(key)
        yield from _obtainable(parsed, path, endpoint, endpoint.get("host"))


def _obtainable(
    parsed: ParsedText, path: JsonPath, entry: Record, value: object
) -> Iterator[Mistake]:
    if value == "unpublished" and "obtain" not in entry:
        hint = "say where a site gets what is unpublished"
        yield Mistake(parsed.value_place(path), "missing key `obtain`", hint)


def _references(parsed: ParsedText) -> Iterator[Mistake]:
    data = parsed.data
    ids = {kind: _ids(data, kind) for kind in ("products", "networks", "ladder")}
    for path, domain in records(data, "domains"):
        yield from _reference(parsed, (*path, "product"), domain.get("product"), ids["products"])
    for path, scenario in records(data, "scenarios"):
        yield from _reference(parsed, (*path, "media"), scenario.get("media"), ids["ladder"])
    for path, step in records(data, "ladder"):
        yield from _reference(parsed, (*path, "networks"), step.get("networks"), ids["networks"])
    for path, need in records(data, "scenarios", "needs"):
        choices = need.get("destinations")
        for index, choice in enumerate(choices if isinstance(choices, list) else ()):
            here = (*path, "destinations", index)
            if choice != _ALL:
                yield from _reference(parsed, here, choice, ids["networks"])


def _ids(data: object, key: str) -> list[str] | None:
    """The ids of a list; None when there is no such list, which the schema names."""
    if not isinstance(data, dict) or not isinstance(data.get(key), list):
        return None
    return [str(entry["id"]) for _, entry in records(data, key) if "id" in entry]


def _reference(
    parsed: ParsedText, path: JsonPath, name: object, known: list[str] | None
) -> Iterator[Mistake]:
    if isinstance(name, str) and known is not None and name not in known:
        meant = did_you_mean(name, known)
        hint = f"did you mean {meant!r}?" if meant else "known: " + (", ".join(known) or "none")
        yield Mistake(parsed.value_place(path), f"there is no {name!r} for {path_word(path)}", hint)


def path_word(path: JsonPath) -> str:
    """The last key of a path, for a message."""
    return next((f"`{each}`" for each in reversed(path) if isinstance(each, str)), "the file")


def _networks(parsed: ParsedText) -> Iterator[Mistake]:
    for path, listed in records(parsed.data, "networks"):
        prefixes = listed.get("prefixes")
        yield from _obtainable(parsed, path, listed, prefixes)
        if listed.get("id") == _ALL:
            yield Mistake(parsed.value_place((*path, "id")), "`all` is not the id of a list")
        if listed.get("candidate") is True and isinstance(prefixes, str):
            yield Mistake(parsed.value_place(path), "a candidate without networks")
        if isinstance(prefixes, list):
            yield from overlaps(parsed, (*path, "prefixes"), prefixes)


def overlaps(parsed: ParsedText, path: JsonPath, texts: list[object]) -> Iterator[Mistake]:
    """Networks of one list that lie within another one of it: one of the two is a mistake."""
    seen: list[Network] = []
    for index, text in enumerate(texts):
        try:
            network = ip_network(str(text))
        except ValueError:
            continue  # the schema's format names it
        for other in seen:
            if network.version == other.version and network.overlaps(other):
                place = parsed.value_place((*path, index))
                yield Mistake(place, f"{network} overlaps {other}", "keep the one that is meant")
                break
        seen.append(network)

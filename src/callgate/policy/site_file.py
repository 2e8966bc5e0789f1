"""The site file: YAML or TOML with the fields of :class:`~callgate.policy.site.Site`.

Keys are the fields in kebab-case, beside ``version: 1``. Values are written as on the
command line (:mod:`.site_values`). Nothing is guessed: an unknown key, a host bit or a
port 0 is a mistake, and every mistake of the file is reported at once.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from callgate.errors import InputError, Mistake
from callgate.flows import Family, Network, PortRange
from callgate.flows.prefixes import parse_network
from callgate.policy import site
from callgate.policy.network_text import parse_network_text
from callgate.policy.site import Site
from callgate.policy.site_formats import SITE_FORMATS
from callgate.policy.site_values import parse_endpoint, parse_ports, parse_proxy, parse_service
from callgate.profiles.crosschecks import overlaps
from callgate.profiles.documents import ParsedText, Record, input_error
from callgate.profiles.schemas import load_schema, violations
from callgate.profiles.toml_text import read_toml
from callgate.profiles.yaml_text import read_yaml

_READERS: Final = {"yaml": read_yaml, "toml": read_toml}
_FAMILIES: Final = {"ipv4": Family.V4, "ipv6": Family.V6}


def load_site(text: str, source: str, syntax: str | None = None) -> Site:
    """Read a site file; InputError holds every mistake.

    ``syntax`` is ``yaml`` or ``toml``; None decides by the name: TOML for ``*.toml``.
    """
    chosen = syntax or ("toml" if source.lower().endswith(".toml") else "yaml")
    parsed = _READERS[chosen](text, source)
    schema = load_schema("callgate.policy", "site.schema.json")
    mistakes = [*violations(parsed, schema, SITE_FORMATS), *_overlaps(parsed), *_pasted(parsed)]
    if mistakes:
        raise input_error(mistakes)
    data = cast("Record", parsed.data)
    return Site(**{key.replace("-", "_"): _FIELDS[key](data[key]) for key in data.keys() & _FIELDS})


def _overlaps(parsed: ParsedText) -> Iterator[Mistake]:
    """A network of one's own that lies within another one: one of the two is a mistake.

    Lists of a vendor are not ours to correct, and may overlap.
    """
    for key in ("clients", "resolvers"):
        texts = parsed.data.get(key) if isinstance(parsed.data, dict) else None
        if isinstance(texts, list):
            yield from overlaps(parsed, (key,), texts)


def _pasted(parsed: ParsedText) -> Iterator[Mistake]:
    """What is wrong in lists that stand in the file as pasted; lines count within the list."""
    named = parsed.data.get("networks") if isinstance(parsed.data, dict) else None
    for name, text in named.items() if isinstance(named, dict) else ():
        if isinstance(text, str) and text != site.ALL:
            place = parsed.value_place(("networks", name))
            try:
                parse_network_text(text, name)
            except InputError as error:
                for each in error.mistakes:
                    yield Mistake(place, f"line {each.place.line}: {each.message}", each.hint)


def _networks(texts: list[str]) -> tuple[Network, ...]:
    return tuple(parse_network(each) for each in texts)


def _port_ranges(values: list[str | int]) -> tuple[PortRange, ...]:
    return tuple(parse_ports(str(each)) for each in values)


def _each(parse: Callable[[str], object]) -> Callable[[list[str]], tuple[object, ...]]:
    return lambda texts: tuple(parse(each) for each in texts)


def _network_list(value: str | list[str]) -> tuple[Network, ...] | str:
    if isinstance(value, list):
        return tuple(dict.fromkeys(_networks(value)))
    return value if value == site.ALL else parse_network_text(value, "networks")


def _named_lists(data: Record) -> dict[str, tuple[Network, ...] | str]:
    return {name: _network_list(value) for name, value in data.items()}


def _merge_point(data: Record) -> site.MergePoint:
    return site.MergePoint(**data)


def _management(data: Record | str) -> site.Management | None:
    if isinstance(data, str):
        return None
    read: dict[str, Callable[[Any], Any]] = {"ports": _port_ranges, "sources": _networks}
    return site.Management(**{key: read[key](value) for key, value in data.items()})


def _target(data: Record) -> site.Target:
    return site.Target(**data)


#: Key of the file -> what makes the field's value of it; ``version`` is no field.
_FIELDS: Final[dict[str, Callable[[Any], Any]]] = {
    "name": str,
    "families": _each(_FAMILIES.__getitem__),
    "clients": _networks,
    "resolvers": _networks,
    "proxy": parse_proxy,
    "default-proxy": parse_proxy,
    "inspection": site.Inspection,
    "networks": _named_lists,
    "endpoints": _each(parse_endpoint),
    "products": tuple,
    "allow": _each(parse_service),
    "other-needs": _each(parse_service),
    "on": site.On,
    "edge": site.Edge,
    "apply": site.Apply,
    "merge": _merge_point,
    "block": bool,
    "final": site.Final,
    "by-domain": bool,
    "management": _management,
    "target": _target,
}

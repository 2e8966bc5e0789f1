"""A profile back as plain data, in the form that :func:`~.loader.load_profile` reads."""

from dataclasses import fields, is_dataclass
from enum import Enum

from callgate.flows import PortRange
from callgate.names import DomainPattern
from callgate.profiles.documents import Record
from callgate.profiles.model import Profile

#: Version of the format, the ``schema`` key of every profile.
SCHEMA = "callgate.profile/1"


def profile_data(profile: Profile) -> Record:
    """The profile as mappings, lists and scalars; loading them gives an equal profile."""
    return {"schema": SCHEMA, **_mapping(profile)}


def _mapping(item: object) -> Record:
    if not is_dataclass(item):
        raise TypeError(f"not a record: {item!r}")
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    # What is optional in the format is None or an empty text in the model.
    return {name: _plain(value) for name, value in values.items() if value not in (None, "")}


def _plain(value: object) -> object:
    if isinstance(value, str | bool) or type(value) is int:
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, PortRange):
        return value.low if value.low == value.high else str(value)
    if isinstance(value, Enum) or not is_dataclass(value) or isinstance(value, DomainPattern):
        return str(value)
    return _mapping(value)

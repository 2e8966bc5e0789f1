"""Checked data → :class:`~callgate.profiles.model.Profile`.

Runs only on what the schema and the cross-checks have let pass, so a KeyError here is a
defect of ours and not of the text.
"""

from collections.abc import Iterable

from callgate.flows import PortRange, Protocol
from callgate.flows.prefixes import parse_network
from callgate.names import DomainPattern
from callgate.profiles.documents import Record
from callgate.profiles.model import (
    Absent,
    Document,
    DomainEntry,
    Endpoint,
    Need,
    NetworkList,
    Origin,
    PathStep,
    Product,
    Profile,
    Provenance,
    Remark,
    Scenario,
)


def profile_of(data: Record) -> Profile:
    """The profile that the data says."""
    return Profile(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        document=_document(data["document"]),
        products=tuple(Product(**each) for each in data["products"]),
        domains=tuple(_domain(each) for each in data["domains"]),
        networks=tuple(_network(each) for each in data["networks"]),
        endpoints=tuple(_endpoint(each) for each in data["endpoints"]),
        scenarios=tuple(
            sorted((_scenario(each) for each in data["scenarios"]), key=lambda s: s.rank)
        ),
        ladder=tuple(_step(each) for each in data["ladder"]),
        remarks=_remarks(data["remarks"]),
    )


_ABSENCES = {str(each): each for each in Absent}


def _text(value: str) -> str | Absent:
    return _ABSENCES.get(value, value)


def _document(data: Record) -> Document:
    return Document(
        title=data["title"],
        vendor=data["vendor"],
        version=data["version"],
        date=_text(data["date"]),
        url=_text(data["url"]),
        note=data.get("note", ""),
    )


def _provenance(data: Record) -> Provenance:
    return Provenance(
        data["section"], Origin(data["origin"]), data.get("quote", ""), data.get("source", "")
    )


def _remarks(data: Iterable[Record]) -> tuple[Remark, ...]:
    return tuple(_remark(each) for each in data)


def _remark(data: Record) -> Remark:
    return Remark(data["id"], data["topic"], data["text"], _provenance(data["provenance"]))


def _protocol(word: str) -> Protocol:
    return Protocol[word.upper()]


def _ports(data: list[str | int]) -> tuple[PortRange, ...]:
    return tuple(PortRange.parse(str(each)) for each in data)


def _domain(data: Record) -> DomainEntry:
    protocols, hosting = data["protocols"], data["hosting"]
    return DomainEntry(
        id=data["id"],
        patterns=tuple(DomainPattern.parse(each) for each in data["patterns"]),
        use=_text(data["use"]),
        protocols=_ABSENCES[protocols]
        if isinstance(protocols, str)
        else tuple(map(_protocol, protocols)),
        hosting=_ABSENCES[hosting] if isinstance(hosting, str) else tuple(hosting),
        product=data.get("product"),
        provenance=_provenance(data["provenance"]),
        names=_provenance(data["names"]) if "names" in data else None,
    )


def _network(data: Record) -> NetworkList:
    prefixes = data["prefixes"]
    return NetworkList(
        id=data["id"],
        title=data["title"],
        prefixes=_ABSENCES[prefixes]
        if isinstance(prefixes, str)
        else tuple(map(parse_network, prefixes)),
        obtain=data.get("obtain", ""),
        candidate=data.get("candidate", False),
        provenance=_provenance(data["provenance"]),
    )


def _endpoint(data: Record) -> Endpoint:
    port = data["port"]
    return Endpoint(
        role=data["role"],
        host=_text(data["host"]),
        port=_ABSENCES[port] if port in _ABSENCES else int(port),
        protocol=_protocol(data["protocol"]),
        obtain=data.get("obtain", ""),
        provenance=_provenance(data["provenance"]),
    )


def _need(data: Record) -> Need:
    return Need(
        id=data["id"],
        carries=data["carries"],
        protocol=_protocol(data["protocol"]),
        ports=_ports(data["ports"]),
        destinations=tuple(data["destinations"]),
        action=_text(data["action"]),
        provenance=_provenance(data["provenance"]),
    )


def _scenario(data: Record) -> Scenario:
    return Scenario(
        id=data["id"],
        title=data["title"],
        rank=data["rank"],
        recommended=data["recommended"],
        media=data["media"],
        needs=tuple(_need(each) for each in data["needs"]),
        block=data["block"],
        quality=_remarks(data["quality"]),
        inspection=_remark(data["inspection"]),
        provenance=_provenance(data["provenance"]),
        remarks=_remarks(data.get("remarks", ())),
    )


def _step(data: Record) -> PathStep:
    return PathStep(
        id=data["id"],
        title=data["title"],
        protocol=_protocol(data["protocol"]),
        ports=_ports(data["ports"]),
        networks=data.get("networks"),
        proxied=data["proxied"],
        provenance=_provenance(data["provenance"]),
    )

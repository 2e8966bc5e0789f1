"""A profile as tables, each row with the place in the document that says it."""

from collections.abc import Iterable, Iterator

from callgate.profiles.model import Absent, Profile, Provenance, Remark, Scenario
from callgate.report.tables import Table

_FROM = "From"


def tables_of(profile: Profile) -> Iterator[Table]:
    """The whole profile, in the order of the document."""
    yield _document(profile)
    yield _domains(profile)
    yield _networks(profile)
    yield _endpoints(profile)
    for scenario in profile.scenarios:
        yield _needs(scenario)
        yield _advice(
            f"What the document says of {scenario.id}",
            (*scenario.quality, scenario.inspection, *scenario.remarks),
        )
    yield _ladder(profile)
    yield _advice("What the document says beside the scenarios", profile.remarks)


def _document(profile: Profile) -> Table:
    document = profile.document
    rows = (
        ("title", document.title),
        ("vendor", document.vendor),
        ("version", document.version),
        ("date", str(document.date)),
        ("url", str(document.url)),
        ("note", document.note),
        *(
            (f"product {p.id}", p.title + (" (default)" if p.default else ""))
            for p in profile.products
        ),
    )
    return Table(("Document", ""), tuple(row for row in rows if row[1]), profile.name)


def _domains(profile: Profile) -> Table:
    rows = (
        (
            entry.id,
            _joined(entry.patterns, "\n"),
            str(entry.use),
            _joined(entry.protocols),
            _joined(entry.hosting),
            entry.product or "always",
            str(entry.provenance) + (f"\nnames: {entry.names.origin}" if entry.names else ""),
        )
        for entry in profile.domains
    )
    sources = dict.fromkeys(entry.names.source for entry in profile.domains if entry.names)
    title = "Domains" + (f"; names from {', '.join(sources)}" if sources else "")
    headers = ("Domain", "Names", "Use", "Protocol", "Hosting", "Product", _FROM)
    return Table(headers, tuple(rows), title)


def _networks(profile: Profile) -> Table:
    rows = (
        (
            listed.id + ("\n(candidate)" if listed.candidate else ""),
            listed.title,
            _joined(listed.prefixes, "\n"),
            listed.obtain,
            _place(listed.provenance),
        )
        for listed in profile.networks
    )
    return Table(("List", "What", "Networks", "Where to get it", _FROM), tuple(rows), "Networks")


def _endpoints(profile: Profile) -> Table:
    rows = (
        (
            each.role,
            str(each.host),
            f"{each.protocol}/{each.port}",
            each.obtain,
            _place(each.provenance),
        )
        for each in profile.endpoints
    )
    headers = ("Endpoint", "Host", "Port", "Where to get it", _FROM)
    return Table(headers, tuple(rows), "Endpoints")


def _needs(scenario: Scenario) -> Table:
    rows = [
        (
            need.id,
            str(need.protocol).upper(),
            _joined(need.ports),
            " or ".join("All" if each == "all" else each for each in need.destinations),
            str(need.action).capitalize() if need.action is not Absent.UNSTATED else "unstated",
            need.carries,
            _place(need.provenance),
        )
        for need in scenario.needs
    ]
    if scenario.block:
        rows.append(("", "All", "All", "All", "Block", "", scenario.title))
    recommended = ", recommended" if scenario.recommended else ""
    title = f"{scenario.rank}. {scenario.id}: {scenario.title}{recommended}"
    headers = ("Need", "Protocol", "DST Port", "DST Addr", "Action", "Carries", _FROM)
    return Table(headers, tuple(rows), title)


def _ladder(profile: Profile) -> Table:
    rows = (
        (
            str(number),
            step.id,
            step.title,
            f"{step.protocol}/{_joined(step.ports)}",
            step.networks or "All",
            "through it" if step.proxied else "past it",
            _place(step.provenance),
        )
        for number, step in enumerate(profile.ladder, 1)
    )
    headers = ("", "Path", "What", "Port", "To", "With a proxy", _FROM)
    return Table(headers, tuple(rows), "Ladder: the client's order of preference for media")


def _advice(title: str, remarks: Iterable[Remark]) -> Table:
    rows = ((each.topic, each.text, each.id, _place(each.provenance)) for each in remarks)
    return Table(("Topic", "Advice", "Id", _FROM), tuple(rows), title)


def _place(provenance: Provenance) -> str:
    quote = f'\n"{provenance.quote}"' if provenance.quote else ""
    return f"{provenance}{quote}"


def _joined(items: tuple[object, ...] | Absent, mark: str = ", ") -> str:
    return str(items) if isinstance(items, Absent) else mark.join(str(each) for each in items)

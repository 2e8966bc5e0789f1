"""Where a need may go: the document's choices, resolved with what the site supplies.

The document offers each row one or more destinations, "all" or a named network list. The
site decides by supplying the list, or by choosing "All" explicitly; nothing is chosen for
it, and "All" is refused where the document does not offer it.
"""

from callgate.errors import MissingValueError, UsageError
from callgate.flows import Network
from callgate.policy.site import ALL, Site
from callgate.profiles.model import Need, NetworkList, Profile


def resolve(need: Need, profile: Profile, site: Site) -> tuple[tuple[Network, ...] | None, str]:
    """The networks of a need (None means All) and the label to show for them.

    Raises MissingValueError when the list is unpublished and the site supplies none, and
    UsageError when the site chooses "All" against the document.
    """
    lists = [choice for choice in need.destinations if choice != ALL]
    if not lists:
        return None, "All"
    chosen = site.networks.get(lists[0])
    if chosen == ALL:
        if ALL not in need.destinations:
            raise UsageError(
                f"{need.id}: the document offers only {lists[0]} here, not All",
                hint=f"supply the list: --network {lists[0]}=NETWORK,… ({need.provenance.section})",
            )
        return None, "All"
    if isinstance(chosen, tuple):
        return chosen, lists[0]
    return _published(profile.network(lists[0]), need), lists[0]


def _published(listed: NetworkList, need: Need) -> tuple[Network, ...]:
    if isinstance(listed.prefixes, tuple) and not listed.candidate:
        return listed.prefixes
    raise MissingValueError(
        f"{need.id} needs {listed.id}, which is {_absence(listed)}: {listed.obtain}",
        hint=f"--network {listed.id}=192.0.2.0/24,… or --network {listed.id}=@FILE"
        + (
            f", or choose All explicitly: --network {listed.id}=all"
            if ALL in need.destinations
            else ""
        ),
    )


def _absence(listed: NetworkList) -> str:
    return "only a candidate" if isinstance(listed.prefixes, tuple) else str(listed.prefixes)


def check_names(profile: Profile, site: Site) -> None:
    """Refuse networks, products and endpoints that the profile does not know."""
    roles = list(dict.fromkeys(endpoint.role for endpoint in profile.endpoints))
    for endpoint in site.endpoints:
        if endpoint.role not in roles:
            raise UsageError(
                f"{profile.name} has no endpoint {endpoint.role!r}",
                hint="it has " + ", ".join(roles),
            )
    known = [each.id for each in profile.networks]
    for name in site.networks:
        if name not in known:
            raise UsageError(
                f"{profile.name} has no network list {name!r}", hint="it has " + ", ".join(known)
            )
    products = [each.id for each in profile.products]
    for name in site.products or ():
        if name not in products:
            raise UsageError(
                f"{profile.name} has no product {name!r}", hint="it has " + ", ".join(products)
            )

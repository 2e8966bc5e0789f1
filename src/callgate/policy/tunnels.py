"""What a proxy is asked to reach: the TCP needs of scenarios, as ports of CONNECT."""

from collections.abc import Iterable

from callgate.flows import Protocol
from callgate.policy.model import Tunnel
from callgate.policy.site import ALL, Site
from callgate.profiles.model import Need, Profile, Scenario


def tunnels(profile: Profile, site: Site, scenarios: Iterable[Scenario]) -> tuple[Tunnel, ...]:
    """One for each TCP need, each only once."""
    found = (
        _tunnel(profile, site, need)
        for scenario in scenarios
        for need in scenario.needs
        if need.protocol is Protocol.TCP
    )
    return tuple(dict.fromkeys(found))


def _tunnel(profile: Profile, site: Site, need: Need) -> Tunnel:
    """A list that nobody supplied stays empty: a proxy goes by name in the first place."""
    lists = [choice for choice in need.destinations if choice != ALL]
    if not lists:
        return Tunnel(need.ports)
    listed = profile.network(lists[0])
    networks = site.networks.get(listed.id)
    if networks is None and not listed.candidate:
        networks = listed.prefixes if isinstance(listed.prefixes, tuple) else ()
    return Tunnel(need.ports, networks if isinstance(networks, tuple) else (), listed.id)

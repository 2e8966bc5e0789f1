"""What the reader of a policy must know beyond its rules, from the document and the site."""

from collections.abc import Iterator

from callgate.flows import Protocol
from callgate.policy.model import Notice
from callgate.policy.site import Apply, Edge, Inspection, Site
from callgate.profiles.model import Need, PathStep, Profile, Scenario


def opened_paths(profile: Profile, needs: tuple[Need, ...]) -> tuple[PathStep, ...]:
    """The steps of the ladder that these needs together leave open, best first."""
    return tuple(
        step
        for step in profile.ladder
        if any(
            need.protocol is step.protocol
            and all(
                any(p.low <= s.low and s.high <= p.high for p in need.ports) for s in step.ports
            )
            and ("all" in need.destinations or step.networks in need.destinations)
            for need in needs
        )
    )


def scenario_notices(
    profile: Profile, site: Site, scenarios: tuple[Scenario, ...], *, filters: bool = True
) -> tuple[Notice, ...]:
    """Everything that must be said about these scenarios at this site, in a fixed order.

    What is about packet filters is left out for a target that goes by name.
    """
    about_rules = (
        *_fallback(profile, scenarios),
        *_our_block(site, scenarios),
        *_by_domain(site),
    )
    return (
        *(about_rules if filters else ()),
        *_inspection(profile, site, scenarios),
        *_proxy(site, scenarios, filters=filters),
    )


def _fallback(profile: Profile, scenarios: tuple[Scenario, ...]) -> Iterator[Notice]:
    needs = tuple(need for scenario in scenarios for need in scenario.needs)
    paths = {step.id for step in opened_paths(profile, needs)}
    if "udp-direct" in paths and "udp-relay" not in paths:
        yield Notice(
            "no-udp-relay",
            "UDP 3478 is closed here: where direct UDP fails there is no UDP relay to fall back "
            "to. Unite the scenario with turn-udp to keep it.",
        )


def _our_block(site: Site, scenarios: tuple[Scenario, ...]) -> Iterator[Notice]:
    blocked = site.apply is Apply.STANDALONE if site.block is None else site.block
    if blocked and any(not scenario.block for scenario in scenarios):
        yield Notice(
            "our-block",
            "The document has no final block in this scenario; the one here is the site's.",
        )


def _by_domain(site: Site) -> Iterator[Notice]:
    if site.by_domain:
        yield Notice(
            "by-domain",
            'TCP is limited to the document\'s domains: stricter than its "TCP 443 All".',
        )


def _inspection(profile: Profile, site: Site, scenarios: tuple[Scenario, ...]) -> Iterator[Notice]:
    if site.inspection is Inspection.NONE:
        return
    media_by_udp = all(
        step.protocol is Protocol.UDP
        for step in profile.ladder
        if step.id in {scenario.media for scenario in scenarios}
    )
    if media_by_udp:
        yield Notice(
            "inspection-signalling",
            "TLS inspection of the signalling is tolerable while media goes by UDP; excluding "
            "the document's domains is still its recommendation.",
        )
    else:
        yield Notice(
            "inspection-media",
            "Media goes by TCP here, and inspected media breaks or slows down: exclude the "
            "document's domains from TLS inspection.",
        )


def _proxy(site: Site, scenarios: tuple[Scenario, ...], *, filters: bool) -> Iterator[Notice]:
    if site.proxy is None:
        return
    ports = {
        str(port)
        for scenario in scenarios
        for need in scenario.needs
        if need.protocol is Protocol.TCP
        for port in need.ports
    }
    yield Notice(
        "proxy-connect",
        f"The proxy must allow CONNECT to port {' and '.join(sorted(ports))}.",
    )
    if filters and site.edge is Edge.CLIENT:
        yield Notice(
            "proxy-edge",
            "This is the clients' side; the proxy's own way out is a policy of its own: "
            "--edge proxy-edge.",
        )

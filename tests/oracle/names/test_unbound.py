"""A running Unbound judges local zones and policy zones, and the files that we write."""

import pytest

from callgate.dialects.rpz import Rpz
from callgate.dialects.unbound import Unbound
from callgate.names.matchers import Fate, find
from tests.lab.requirements import require
from tests.support import hosts
from tests.support.naming import named_policy
from tests.support.products import unbound

pytestmark = pytest.mark.lab

ZONES, POLICIES = find("unbound-local-zone"), find("rpz")
#: Unbound answers for localhost itself.
ADDRESSES = {
    name: f"192.0.2.{number}"
    for number, name in enumerate(
        dict.fromkeys(
            host.rstrip(".").lower()
            for host in hosts.EVERY
            if host != "localhost" and not host.startswith("[") and not host[0].isdigit()
        ),
        start=1,
    )
}
HOSTS = tuple(host for host in hosts.EVERY if host.rstrip(".").lower() in ADDRESSES)
RPZ = """
rpz:
    name: {name}.
    zonefile: "{file}"
"""
HEAD = (
    "$TTL 300\n@ IN SOA localhost. hostmaster.localhost. 1 3600 600 86400 300\n@ IN NS localhost.\n"
)
#: A block list that holds everything, behind ours.
BLOCK = "* IN CNAME .\n"


@pytest.fixture(scope="module", autouse=True)
def place(island):
    require("unbound")
    namespace, folder = island
    with unbound.upstream(namespace, folder, ADDRESSES):
        yield namespace, folder


def said(matcher, entries):
    return {host for host in HOSTS if any(matcher.matches(each, host) for each in entries)}


def zones(folder, **texts):
    found = ""
    for name, text in texts.items():
        path = folder / f"{name}.rpz"
        path.write_text(text)
        found += RPZ.format(name=f"{name}.rpz", file=path)
    return found


@pytest.mark.parametrize(
    "entry", [*ZONES.entries(hosts.PATTERNS), "goto.com", "GoTo.com", "com.", "*.goto.com"]
)
def test_matcher_says_what_a_local_zone_does(place, entry):
    block = '    local-zone: "." always_nxdomain\n'
    with unbound.running(*place, f'    local-zone: "{entry}" always_transparent\n{block}') as ask:
        found = {host for host in HOSTS if ask(host)}
    assert found == said(ZONES, [entry])
    assert (ZONES.read(entry).fate is Fate.NOTHING) is (not found)


@pytest.mark.parametrize(
    "entry", [*POLICIES.entries(hosts.PATTERNS), "goto.com", "*.GoTo.com", "*.com", "a.*.goto.com"]
)
def test_matcher_says_what_a_policy_zone_does(place, entry):
    _, folder = place
    ours = f"{HEAD}{entry} IN CNAME rpz-passthru.\n"
    with unbound.running(*place, zones(folder, ours=ours, block=HEAD + BLOCK)) as ask:
        found = {host for host in HOSTS if ask(host)}
    assert found == said(POLICIES, [entry])
    assert (POLICIES.read(entry).fate is Fate.NOTHING) is (not found)


BELOW_GOTO = {host for host in HOSTS if host.rstrip(".").lower().endswith(".goto.com")}


def test_the_policy_zone_that_we_write_exempts_before_a_block_list(place):
    _, folder = place
    (artifact,) = Rpz().generate(named_policy())
    with unbound.running(*place, zones(folder, callgate=artifact.text, block=HEAD + BLOCK)) as ask:
        assert {host for host in HOSTS if ask(host)} == BELOW_GOTO
    with unbound.running(*place, zones(folder, block=HEAD + BLOCK)) as ask:
        assert not any(map(ask, HOSTS))


def test_the_local_zones_that_we_write_exempt_and_block(place):
    declared = {"goto.com"}
    (alone,) = Unbound().generate(named_policy(options={"others": "nxdomain"}))
    with unbound.running(*place, alone.text) as ask:
        assert {host for host in HOSTS if ask(host)} == BELOW_GOTO | declared
    (own,) = Unbound().generate(named_policy())
    site = 'server:\n    local-zone: "com." always_nxdomain\n'
    with unbound.running(*place, site + own.text) as ask:
        assert ask("meet.goto.com")
        assert not ask("evil-goto.com")

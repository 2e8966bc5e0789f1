"""TCP by name in a real kernel: dnsmasq fills the sets, and only then packets pass."""

import socket

import dns.message
import dns.query
import pytest

from callgate.dialects.dnsmasq import Dnsmasq
from callgate.dialects.nftables import Nftables
from callgate.lab.programs import Program, await_ports, ours
from callgate.netns import End, Link, Route, Topology
from callgate.policy.build import build
from callgate.policy.site import Site, Target
from callgate.profiles.loader import find
from tests.lab.requirements import require
from tests.support.policies import CLIENTS

pytestmark = pytest.mark.lab

FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
CLIENT = {4: "192.0.2.10", 6: "2001:db8:1::10"}
ROUTER = {4: "192.0.2.1", 6: "2001:db8:1::1"}
UPSTREAM = {4: "198.51.100.1", 6: "2001:db8:51::1"}
APP = {4: "198.51.100.45", 6: "2001:db8:99::45"}
OTHER = {4: "198.51.100.66", 6: "2001:db8:99::66"}
APEX = {4: "198.51.100.77", 6: "2001:db8:99::77"}
DNS = {4: "198.51.100.53", 6: "2001:db8:51::53"}
#: The second name is a stranger on the application's address, as on a content network.
HOSTS = {
    "evil-goto.com": list(OTHER.values()),
    "neighbour.example": list(APP.values()),
    "goto.com": list(APEX.values()),
}


def ends(node, addresses):
    return End(node, (f"{addresses[4]}/24", f"{addresses[6]}/64"))


def topology():
    links = [
        Link(ends("client", CLIENT), ends("router", ROUTER)),
        Link(ends("router", UPSTREAM), ends("vendor", DNS)),
    ]
    routes = [
        *(Route("client", net, ROUTER[each], "eth0") for each, net in DEFAULT.items()),
        Route("router", "2001:db8:99::/64", DNS[6], "eth1"),
        *(Route("vendor", net, UPSTREAM[each], "eth0") for each, net in DEFAULT.items()),
    ]
    also = {
        "vendor": [
            f"{each[family]}/{length}"
            for each in (APP, OTHER, APEX)
            for family, length in ((4, 32), (6, 128))
        ]
    }
    return Topology(links, routes, routers=["router"], also=also)


DEFAULT = {4: "0.0.0.0/0", 6: "::/0"}


class Network:
    """Client, router with rules and dnsmasq, vendor with names and servers."""

    def __init__(self, built, folder, artifacts):
        self.client, self.router, self.vendor = (built[node] for node in built.nodes)
        texts = {each.name: each.text for each in artifacts}
        self.router.load_nft(texts["callgate.nft"])
        self._listeners = [self._listen(family) for family in FAMILIES]
        self._names = Program(self.vendor, ours("nameserver"), folder / "names.log")
        self._names.tell(
            {
                "listen": list(DNS.values()),
                "hosts": HOSTS,
                "patterns": ["*.goto.com"],
                "below": list(APP.values()),
            }
        )
        self._names.hear()
        configured = folder / "callgate-dnsmasq.conf"
        configured.write_text(texts["callgate-dnsmasq.conf"], encoding="utf-8")
        argv = ["dnsmasq", "-k", "-C", str(configured), "-u", "root", "-x", ""]
        argv += ["--no-resolv", "--no-hosts", "--bind-interfaces"]
        argv += [f"--listen-address={each}" for each in ROUTER.values()]
        self._dnsmasq = Program(self.router, [*argv, f"--server={DNS[4]}"], folder / "dnsmasq.log")
        await_ports(self._dnsmasq, self.router, ROUTER.values(), [53])

    def end(self):
        for each in (self._dnsmasq, self._names):
            each.end()
        for each in self._listeners:
            each.close()

    def _listen(self, family):
        listener = self.vendor.socket(FAMILIES[family], socket.SOCK_STREAM)
        if family == 6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(("", 443))
        listener.listen(100)
        return listener

    def resolve(self, name, family):
        query = dns.message.make_query(name, "A" if family == 4 else "AAAA")
        with self.client.socket(FAMILIES[4], socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)
            answer = dns.query.udp(query, ROUTER[4], timeout=10, sock=asking)
        return [str(each) for found in answer.answer for each in found]

    def opens(self, addresses, family, port=443):
        with self.client.socket(FAMILIES[family], socket.SOCK_STREAM) as trying:
            trying.settimeout(10)
            return trying.connect_ex((addresses[family], port)) == 0

    def elements(self, family):
        (found,) = self.router.nft_list("set", "inet", "callgate", f"callgate_names_v{family}")
        return [each["elem"] for each in found["set"].get("elem", [])]


def policy(**choices):
    site = Site(clients=CLIENTS, resolvers=(), by_domain=True, **choices)
    return build(find("goto"), site, ("turn-tcp-443",))


@pytest.fixture
def network():
    require("ip", "nft", "dnsmasq")
    with topology() as built:
        found = Network(built, built.folder(), Nftables().generate(policy()))
        yield found
        found.end()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_name_opens_its_address_and_nothing_before(network, family):
    assert not network.opens(APP, family)
    assert network.resolve("b.a.meet.GoTo.com", family) == [APP[family]]
    assert network.opens(APP, family)
    assert not network.opens(APP, family, port=80)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_look_alike_opens_nothing(network, family):
    assert network.resolve("evil-goto.com", family) == [OTHER[family]]
    assert not network.opens(OTHER, family)
    assert not network.elements(family)


def test_the_declared_excess_is_there(network):
    artifact, *_ = Nftables().generate(policy())
    assert network.resolve("goto.com", 4) == [APEX[4]]
    assert network.opens(APEX, 4)  # dnsmasq cannot leave the apex out
    assert "goto.com" in artifact.excess_note
    network.resolve("meet.goto.com", 4)
    assert network.resolve("neighbour.example", 4) == [APP[4]]
    assert network.opens(APP, 4)  # and a packet tells no name
    assert "other names on the same addresses" in artifact.excess_note


def test_an_address_in_use_stays(network):
    day = 24 * 3600
    network.resolve("meet.goto.com", 4)
    (element,) = network.elements(4)
    assert element["expires"] <= day
    where = "inet callgate callgate_names_v4"
    network.router.load_nft(
        f"flush set {where}\nadd element {where} {{ {APP[4]} timeout 1d expires 60s }}\n"
    )
    assert network.elements(4)[0]["expires"] <= 60
    assert network.opens(APP, 4)
    assert network.elements(4)[0]["expires"] > day - 60


def test_loading_again_forgets_and_asking_again_fills(network):
    network.resolve("meet.goto.com", 4)
    rules, *_ = Nftables().generate(policy())
    network.router.load_nft(rules.text)
    assert not network.elements(4)
    network.resolve("other.goto.com", 4)
    assert network.opens(APP, 4)


def test_the_dialect_of_its_own_fills_the_same_sets():
    require("ip", "nft", "dnsmasq")
    rules, *_ = Nftables().generate(policy())
    site = Site(target=Target(options={"table": "inet callgate"}))
    own = Dnsmasq().generate(build(find("goto"), site, ("turn-udp",), filters=False))
    with topology() as built:
        network = Network(built, built.folder(), [rules, *own])
        network.resolve("meet.goto.com", 4)
        opened = network.opens(APP, 4)
        network.end()
    assert opened

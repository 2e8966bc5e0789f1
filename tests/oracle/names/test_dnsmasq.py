"""A running dnsmasq judges its matcher: which answers get into which set."""

import re
import socket

import dns.message
import dns.query
import pytest

from callgate.dialects.dnsmasq import Dnsmasq as DnsmasqDialect
from callgate.lab.programs import Program, await_ports, ours
from callgate.names.matchers import Fate, find
from tests.lab.requirements import require
from tests.support import hosts
from tests.support.naming import named_policy

pytestmark = pytest.mark.lab

MATCHER = find("dnsmasq")
ENTRIES = (
    *MATCHER.entries(hosts.PATTERNS),
    ".goto.com",
    "goto.com.",
    "GoTo.com",
    "com",
    "*.goto.com",
    "a*.goto.com",
)
#: Names that DNS can be asked for, each with an address of its own.
ADDRESSES = {
    host: f"192.0.2.{number}"
    for number, host in enumerate(
        dict.fromkeys(
            host.rstrip(".").lower()
            for host in hosts.EVERY
            if not host.startswith("[") and not host[0].isdigit()
        ),
        start=1,
    )
}


V6 = "2001:db8::1"


@pytest.fixture(scope="module")
def upstream(island):
    """A resolver that knows every host, and a set for the answers."""
    require("dnsmasq", "nft")
    namespace, folder = island
    namespace.load_nft("table inet judge { set taken { type ipv4_addr; }\n}\n")
    names = Program(namespace, ours("nameserver"), folder / "names.log")
    try:
        known = {host: [address, V6] for host, address in ADDRESSES.items()}
        names.tell({"listen": ["127.0.0.2"], "hosts": known, "patterns": [], "below": []})
        names.hear()
        yield namespace, folder
    finally:
        names.end()


def filled(namespace, folder, *lines):
    """The addresses in the set, after every host was asked for."""
    configured = folder / "dnsmasq.conf"
    configured.write_text("".join(f"{line}\n" for line in lines))
    argv = ["dnsmasq", "-k", "-C", str(configured), "-u", "root", "-x", "", "--no-resolv"]
    argv += ["--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1"]
    namespace.load_nft("flush set inet judge taken\n")
    program = Program(namespace, [*argv, "--server=127.0.0.2"], folder / "dnsmasq.log")
    try:
        await_ports(program, namespace, ["127.0.0.1"], [53])
        for host in hosts.EVERY:
            if host.rstrip(".").lower() in ADDRESSES:
                resolve(namespace, host)
                resolve(namespace, host, "AAAA")
        (found,) = namespace.nft_list("set", "inet", "judge", "taken")
        return set(found["set"].get("elem", []))
    finally:
        program.end()


def resolve(namespace, host, kind="A"):
    with namespace.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        query = dns.message.make_query(host, kind)
        answer = dns.query.udp(query, "127.0.0.1", timeout=10, sock=asking)
    assert answer.answer, host


@pytest.mark.parametrize("entry", ENTRIES)
def test_matcher_says_what_dnsmasq_does(upstream, entry):
    found = filled(*upstream, f"nftset=/{entry}/4#inet#judge#taken")
    said = {address for host, address in ADDRESSES.items() if MATCHER.matches(entry, host)}
    assert said == found
    assert (MATCHER.read(entry).fate is Fate.NOTHING) is (not found)


def test_of_two_entries_only_the_longer_one_counts(upstream):
    namespace, _ = upstream
    namespace.load_nft("add set inet judge other { type ipv4_addr; }\n")
    lines = [f"nftset=/{each}/4#inet#judge#{name}" for each, name in SITE_S_OWN.items()]
    found = filled(*upstream, *lines)
    assert ADDRESSES["b.a.goto.com"] in found
    assert ADDRESSES["meet.goto.com"] not in found


SITE_S_OWN = {"goto.com": "taken", "meet.goto.com": "other"}


def test_sets_of_ipset_are_filled_each_with_its_family(upstream):
    require("ipset")
    namespace, _ = upstream
    (artifact,) = DnsmasqDialect().generate(named_policy(options={"sets": "ipset"}))
    said = " ".join(line.lstrip("# ") for line in artifact.text.splitlines() if line[0] == "#")
    made = re.findall(r"ipset (-exist create (\S+) hash:ip family \S+ timeout \d+)", said)
    assert len(made) == 2
    for arguments, _ in made:
        namespace.run("ipset", *arguments.split())
    filled(*upstream, *(line for line in artifact.text.splitlines() if line[0] != "#"))
    members = {
        name: set(re.findall(r"^(\S+) timeout", namespace.run("ipset", "list", name), re.MULTILINE))
        for _, name in made
    }
    below = {a for host, a in ADDRESSES.items() if f".{host}".endswith(".goto.com")}
    assert members == {"callgate_names_v4": below, "callgate_names_v6": {V6}}

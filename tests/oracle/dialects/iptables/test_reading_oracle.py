"""The real tools as judge: what they make of a file means what the file meant.

A file in free spellings goes through ``iptables-restore`` and comes back from
``iptables-save`` in an empty namespace; both texts must be the same ruleset. Named sets
take the same way through ``ipset``.
"""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callgate.dialects.iptables.reading import IptablesReader
from callgate.netns import End, Link, Topology
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

SETS = """\
create nets hash:net family inet
add nets 192.0.2.0/24
add nets 192.0.2.128/25 nomatch
create pairs hash:ip,port family inet
add pairs 192.0.2.1,tcp:80
add pairs 192.0.2.2,udp:1000-1003
create ports bitmap:port range 0-65535
add ports 20-30
create six hash:net family inet6
add six 2001:db8::/32
"""


@pytest.fixture(scope="module")
def box():
    require("ip", "iptables-restore", "iptables-save", "ip6tables-restore", "ipset")
    with Topology([Link(End("box", ()), End("other", ()))]) as built:
        namespace = built["box"]
        namespace.run("ipset", "restore", stdin=SETS)
        yield namespace


NOT = st.sampled_from(["", "! "])
HOSTS = st.sampled_from(
    [
        "192.0.2.1",
        "192.0.2.77/24",
        "198.51.100.0/255.255.255.0",
        "10.1.2.3/255.0.255.0",
    ]
)
HOSTS6 = st.sampled_from(["2001:db8::1", "2001:db8::77/64", "2001:DB8:0::/ffff:ffff::"])
PORT = st.integers(0, 65535).map(str) | st.just("domain")
SPAN = PORT | st.tuples(st.integers(0, 30000), st.integers(30001, 65534)).map(
    "{0[0]}:{0[1]}".format
)
MANY = st.lists(SPAN, min_size=1, max_size=5).map(",".join)
STATE = st.sampled_from(["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"])
STATES = st.lists(STATE, min_size=1, unique=True).map(",".join)
SIDES = st.sampled_from(["dports", "sports", "ports", "destination-ports"])
CONDITIONS = (
    '-m comment --comment "a \\"b\\" c"',
    "-m limit --limit 5/min",
    "-m mac --mac-source 00:00:00:00:53:01",
)
FLAGS = st.lists(
    st.sampled_from(["SYN", "ACK", "FIN", "RST", "PSH", "URG"]), min_size=1, unique=True
).map(",".join)
TYPES = {
    4: ["-p icmp {}--icmp-type " + each for each in ("8", "3/4", "echo-reply", "host-unreachable")],
    6: ["-p ipv6-icmp {}--icmpv6-type " + each for each in ("128", "1/4", "packet-too-big")],
}


def option(text, *values):
    """An option, negated or not, with values drawn for it."""
    return st.tuples(NOT, *values).map(lambda drawn: text.format(*drawn))


def optional(strategy):
    return st.just("") | strategy


def transport():
    protocol, named = st.sampled_from(["tcp", "udp", "6", "17"]), st.sampled_from(["tcp", "udp"])
    to, by = option("{}--dport {}", SPAN), option("{}--sport {}", SPAN)
    many = option("-m multiport {}--{} {}", SIDES, MANY)
    return st.one_of(
        st.tuples(protocol, optional(to), optional(by)).map("-p {0[0]} {0[1]} {0[2]}".format),
        st.tuples(named, many).map("-p {0[0]} {0[1]}".format),
        option("-p tcp {}--syn"),
        option("-p sctp {}--sport 1024:{}", st.integers(1024, 65535)),
        option("-p tcp -m tcp {}--tcp-flags {},SYN {}", FLAGS, st.sampled_from(["SYN", "NONE"])),
        option("{}-p {}", st.sampled_from(["tcp", "esp", "gre", "47"])),
        st.just(""),
    )  # fmt: skip


def rule(family):
    hosts, host = (HOSTS, "192.0.2.") if family == 4 else (HOSTS6, "2001:db8::")
    sets = (
        [("nets", "dst"), ("pairs", "src,dst"), ("ports", "dst")]
        if family == 4
        else [("six", "src")]
    )
    return st.tuples(
        optional(option("{}-s {}", hosts)),
        optional(option("{}-d {}", hosts)),
        optional(option("{}-i {}", st.sampled_from(["eth0", "eth+", "lo"]))),
        optional(option("{}-o {}", st.sampled_from(["eth1", "ppp+"]))),
        transport() | st.sampled_from(TYPES[family]).flatmap(option),
        optional(option("-m conntrack {}--ctstate {}", STATES)),
        optional(option("-m iprange {}--src-range " + f"{host}3-{host}9")),
        optional(st.sampled_from(sets).flatmap(
            lambda each: option("-m set {}--match-set " + " ".join(each)))),
        optional(option("-m mark {}--mark 0x1")),
        optional(st.sampled_from(CONDITIONS)),
        st.sampled_from(["-j ACCEPT", "-j DROP", "-j mine", "-g mine", "-j RETURN", "-j REJECT", "",
                         '-j LOG --log-prefix "x y "']),
    ).map(lambda parts: " ".join(filter(None, parts)))  # fmt: skip


def text_of(family, rules):
    name = {4: "iptables", 6: "ip6tables"}[family]
    return "\n".join(
        [
            f"# {name}",
            "*filter",
            ":INPUT ACCEPT [0:0]",
            ":FORWARD DROP [0:0]",
            ":OUTPUT ACCEPT [0:0]",
            ":mine - [0:0]",
            *(f"-A FORWARD {rule}" for rule in rules),
            "COMMIT",
            "",
        ]
    )


def meaning(text, sets):
    ruleset = IptablesReader().parse(text, "f", lambda _: [("ipsets", sets)])
    return {name: (chain.default, lines_of(chain)) for name, chain in ruleset.chains.items()}


def lines_of(chain):
    """What the rules of each line mean; places differ between the two texts."""
    by_line = itertools.groupby(chain.rules, lambda rule: rule.place)
    return [[(rule.action, rule.target, rule.match) for rule in same] for _, same in by_line]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), family=st.sampled_from([4, 6]))
def test_what_the_tools_save_means_what_was_written(box, data, family):
    rules = data.draw(st.lists(rule(family), min_size=1, max_size=12))
    text = text_of(family, rules)
    box.load_iptables(text if family == 4 else None, text if family == 6 else None)
    saved = box.run("iptables-save" if family == 4 else "ip6tables-save")
    assert meaning(text, SETS) == meaning(saved, box.run("ipset", "save")), saved

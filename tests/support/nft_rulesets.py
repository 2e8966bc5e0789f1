"""Rulesets in the language of nft, made by Hypothesis; every one of them loads.

A rule keeps to one family and one protocol, jumps lead to later chains only, and keys of a
set do not overlap: nft refuses what breaks that. Nothing here is a condition, so every
packet's fate is decided. ``ports`` and addresses are few, so that rules meet.
"""

from hypothesis import strategies as st

V4 = ["192.0.2.10", "192.0.2.11", "198.51.100.7", "198.51.100.8"]
V4_NETS = ["192.0.2.0/24", "198.51.100.0/29", "203.0.113.0/25", "0.0.0.0/1"]
V4_RANGES = ["192.0.2.9-192.0.2.10", "198.51.100.8-203.0.113.9"]
V6 = ["2001:db8:1::10", "2001:db8:1::11", "2001:db8:2::7", "2001:db8:2::8"]
V6_NETS = ["2001:db8:1::/64", "2001:db8:2::/125", "2001:db8::/33"]
V6_RANGES = ["2001:db8:1::f-2001:db8:1::10", "2001:db8:2::8-2001:db8:3::"]
PORTS = [53, 80, 443, 3478]
RANGES = ["0-52", "100-400", "444-3477", "3479-65535"]  # none holds one of PORTS
CHAINS = ["r0", "r1", "r2"]
STATES = ["new", "established", "related", "invalid", "untracked"]
INTERFACES = ["eth0", "eth1", "wlan0"]

_FAMILIES = {"ip": (V4, V4_NETS, V4_RANGES), "ip6": (V6, V6_NETS, V6_RANGES)}
_ICMP = {
    "icmp": ["echo-request", "echo-reply", "destination-unreachable", "13"],
    "icmpv6": ["echo-request", "packet-too-big", "nd-neighbor-solicit", "200"],
}
_FLAGS = [
    "tcp flags syn",
    "tcp flags & (fin | syn | rst | ack) == syn",
    "tcp flags & (fin | syn | rst | ack) != syn",
    "tcp flags syn / fin,syn,rst,ack",
]


def few(values, least=1, most=3):
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True)


def braced(values):
    return "{ " + ", ".join(map(str, values)) + " }"


def sign():
    return st.sampled_from(["", "", "!= "])


def tested(field, single, sets):
    """``field [!=] value`` or ``field [!=] { … }``."""
    value = st.one_of(st.sampled_from(single).map(str), few(sets).map(braced))
    return st.builds(lambda negation, text: f"{field} {negation}{text}", sign(), value)


@st.composite
def addresses(draw, family):
    hosts, nets, ranges = _FAMILIES[family]
    end = draw(st.sampled_from(["saddr", "daddr"]))
    if draw(st.integers(0, 9)) == 0:
        mask, base = {
            "ip": ("255.255.255.0", "192.0.2.0"),
            "ip6": ("ffff:ffff:ffff:ffff::", "2001:db8:1::"),
        }[family]
        return f"{family} {end} & {mask} {draw(st.sampled_from(['==', '!=']))} {base}"
    if draw(st.integers(0, 5)) == 0:
        return f"{family} {end} {draw(sign())}@{'nets4' if family == 'ip' else 'nets6'}"
    return draw(tested(f"{family} {end}", [*hosts, *nets, *ranges], hosts))


@st.composite
def ports(draw, protocol):
    end = draw(st.sampled_from(["dport", "dport", "sport"]))
    header = protocol
    if draw(st.integers(0, 5)) == 0:
        header = f"meta l4proto {protocol} th"
    if draw(st.integers(0, 5)) == 0:
        relation = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return f"{header} {end} {relation} {draw(st.sampled_from(PORTS))}"
    return draw(tested(f"{header} {end}", [*PORTS, *RANGES], [*PORTS, *RANGES]))


@st.composite
def concatenations(draw, family, protocol):
    hosts, nets, _ = _FAMILIES[family]
    if draw(st.booleans()):
        keys = draw(few([f"{host} . {port}" for host in hosts for port in PORTS]))
    else:
        keys = draw(few([f"{net} . {port}" for net in nets[:2] for port in RANGES]))
    return f"{family} daddr . {protocol} dport {draw(sign())}{braced(keys)}"


def interfaces():
    name = st.sampled_from(["iifname", "oifname"])
    value = st.one_of(
        st.sampled_from(['"eth*"', *INTERFACES]), few(INTERFACES, least=2).map(braced)
    )
    return st.builds(lambda word, negation, text: f"{word} {negation}{text}", name, sign(), value)


def states():
    return st.one_of(
        few(STATES).map(lambda found: "ct state " + ",".join(found)),
        few(STATES).map(lambda found: f"ct state {braced(found)}"),
        st.sampled_from(STATES).map(lambda state: f"ct state != {state}"),
        few(STATES, least=2).map(lambda found: "ct state ! " + ",".join(found)),
    )


@st.composite
def matches(draw):
    """The match part of a rule."""
    family = draw(st.sampled_from(["ip", "ip6"]))
    protocol = draw(st.sampled_from(["tcp", "udp", "icmp", ""]))
    found = []
    if draw(st.booleans()):
        found.append(draw(addresses(family)))
    if protocol == "icmp":
        word = "icmp" if family == "ip" else "icmpv6"
        found.append(draw(tested(f"{word} type", _ICMP[word], _ICMP[word])))
    elif protocol:
        choices = [ports(protocol), concatenations(family, protocol)]
        if protocol == "tcp":
            choices.append(st.sampled_from(_FLAGS))
        found.append(draw(st.one_of(choices)))
    elif draw(st.booleans()):
        found.append(
            draw(
                st.sampled_from(
                    [
                        "meta l4proto tcp",
                        "meta l4proto { tcp, udp } th dport { 53, 443 }",
                        "meta l4proto != { icmp, icmpv6 }",
                        "meta nfproto ipv4",
                        f"{'ip protocol' if family == 'ip' else 'ip6 nexthdr'} {{ tcp, udp }}",
                    ]
                )
            )
        )
    if draw(st.integers(0, 3)) == 0:
        found.append(draw(interfaces()))
    if draw(st.integers(0, 3)) == 0:
        found.append(draw(states()))
    return " ".join(found)


def ends(later):
    """Verdicts; ``later`` are the chains that may be gone to."""
    words = ["accept", "accept", "drop", "drop", "return", "counter", ""]
    jumps = [f"{word} {chain}" for word in ("jump", "goto") for chain in later]
    return st.sampled_from(words + jumps)


@st.composite
def maps(draw, later):
    """Verdict maps."""
    word = st.one_of(
        st.sampled_from(["accept", "drop", "return", "continue"]),
        st.sampled_from([f"jump {chain}" for chain in later] or ["accept"]),
    )
    key, keys = draw(
        st.sampled_from(
            [
                ("ct state", STATES),
                ("tcp dport", [*PORTS, "*"]),
                ("tcp sport", [*RANGES, "*"]),
                ("udp dport", [*PORTS, "*"]),
                ("ip saddr", [*V4, "*"]),
                ("iifname . oifname", [f"{a} . {b}" for a in INTERFACES for b in INTERFACES]),
                ("ip6 daddr . tcp dport", [f"{a} . {b}" for a in V6 for b in PORTS]),
            ]
        )
    )
    entries = [f"{each} : {draw(word)}" for each in draw(few(keys, most=4))]
    return f"{key} vmap {braced(entries)}"


@st.composite
def rules(draw, later, rejecting):
    if draw(st.integers(0, 5)) == 0:
        return draw(maps(later))
    end = draw(ends(later))
    if end == "drop" and rejecting and draw(st.booleans()):
        end = "reject"
    return f"{draw(matches())} {end}".strip() or "counter"


SETS = f"""
	set nets4 {{
		type ipv4_addr
		flags interval
		elements = {{ 192.0.2.8/30, 198.51.100.8, 203.0.113.0-203.0.113.99 }}
	}}
	set nets6 {{
		type ipv6_addr
		flags interval
		elements = {{ {V6[0]}/127, {V6_RANGES[1]} }}
	}}
"""


def chain(name, base, lines):
    body = "\n".join(f"\t\t{line}" for line in [*base, *lines])
    return f"\tchain {name} {{\n{body}\n\t}}\n"


@st.composite
def rulesets(draw, hooks=("forward",), sentinel=""):
    """The text of a ruleset with base chains at these hooks.

    ``sentinel`` stands first in every base chain.
    """
    text = [f"table inet t {{\n{SETS}"]
    for number in reversed(range(len(CHAINS))):
        body = draw(st.lists(rules(CHAINS[number + 1 :], rejecting=False), max_size=4))
        text.append(chain(CHAINS[number], [], body))
    bases = [*hooks, *draw(few(list(hooks), least=0, most=1))]
    priorities = draw(
        st.lists(st.integers(-350, 300), min_size=len(bases), max_size=len(bases), unique=True)
    )
    for number, (hook, priority) in enumerate(zip(bases, priorities, strict=True)):
        rejecting = hook in ("input", "forward", "output")
        body = draw(st.lists(rules(CHAINS, rejecting), min_size=1, max_size=7))
        policy = draw(st.sampled_from(["accept", "drop"]))
        head = [f"type filter hook {hook} priority {priority}; policy {policy};"]
        text.append(chain(f"b{number}", [*head, *([sentinel] if sentinel else [])], body))
    return "".join([*text, "}\n"])

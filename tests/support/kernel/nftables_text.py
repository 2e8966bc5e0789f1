"""Random rulesets in nftables' language, as a person might write them (Hypothesis)."""

from hypothesis import strategies as st

INTERFACES = ("lan", "dmz", "wan0", "wan1", "tun7")
_NAMED = ("one", "two", "three", "four")
#: Disjoint, for elements of a map must not overlap.
_PORTS = ("22", "53", "80-90", "443", "1000-1999", "3478", "45000-49999", "65535")
_ADDRESSES = {
    "ip": (
        "10.0.0.0/16",
        "10.1.0.0/17",
        "10.7.0.1",
        "172.16.0.0/12",
        "192.0.2.5",
        "192.0.2.128/25",
        "198.51.100.7-198.51.100.9",
        "203.0.113.255",
    ),
    "ip6": (
        "2001:db8::/48",
        "2001:db8:7::/64",
        "2001:db8:7:1::5",
        "2001:db8:8::10-2001:db8:8::1f",
        "fd00::/9",
        "fd80::ffff",
    ),
}
_TYPE = {"ip": "ipv4_addr", "ip6": "ipv6_addr"}
_STATES = ("new", "established", "related", "invalid", "untracked")
_ICMP = {
    "icmp": ("echo-request", "echo-reply", "destination-unreachable", "time-exceeded", "13"),
    "icmpv6": ("echo-request", "echo-reply", "packet-too-big", "nd-neighbor-solicit", "200"),
}
#: Numbered at the end: two limits are never one fact, and a packet must meet each but once.
_LIMIT = ("limit rate NUMBER/second ",)
_PROTOCOLS = ("tcp", "udp", "icmp", "ipv6-icmp", "gre", "esp", "89")


def _some(values, **limits):
    return st.lists(st.sampled_from(values), unique=True, **limits)


def _braced(values):
    return _some(values, min_size=1, max_size=4).map(lambda some: "{ " + ", ".join(some) + " }")


def _or_not(left, right):
    return st.builds("{} {}{}".format, left, st.sampled_from(("", "", "!= ")), right)


def _of(values):
    return st.one_of(st.sampled_from(values), _braced(values))


def _interfaces():
    names = st.one_of(_of(INTERFACES).map(_quoted), st.sampled_from(('"wan*"', '"nosuch"')))
    fields = st.sampled_from(("iifname", "oifname", "meta iifname"))
    numbers = _or_not(st.sampled_from(("iif", "oif")), _of(INTERFACES).map(_quoted))
    return st.one_of(_or_not(fields, names), _or_not(fields, names), numbers)


def _quoted(text):
    for name in INTERFACES:
        text = text.replace(name, f'"{name}"')
    return text


@st.composite
def _address(draw, family):
    side = draw(st.sampled_from(("saddr", "daddr")))
    values = _of(_ADDRESSES[family])
    sets = st.just("@nets4" if family == "ip" else "@nets6")
    return draw(_or_not(st.just(f"{family} {side}"), st.one_of(values, values, sets)))


@st.composite
def _masked(draw, family):
    side = draw(st.sampled_from(("saddr", "daddr")))
    sign = draw(st.sampled_from(("==", "!=")))
    if family == "ip":
        masks = ("255.255.0.0 {} 10.0.0.0", "255.255.0.0 {} 10.1.0.0", "0.0.0.255 {} 0.0.0.5")
        return f"ip {side} & {draw(st.sampled_from(masks)).format(sign)}"
    return f"ip6 {side} & ffff:ffff:ffff:: {sign} 2001:db8:7::"


@st.composite
def _port(draw, protocol):
    field = f"{protocol} {draw(st.sampled_from(('dport', 'dport', 'sport')))}"
    sign = draw(st.sampled_from(("<", "<=", ">", ">=")))
    bound = st.sampled_from(("1024", "443", "50000")).map(lambda port: f"{field} {sign} {port}")
    values = st.one_of(_of(_PORTS), st.just("@services"))
    words = st.sampled_from(("ssh", "{ domain, https }", "& 1 == 1", "0-1023"))
    return draw(
        st.one_of(
            _or_not(st.just(field), values),
            _or_not(st.just(field), values),
            bound,
            words.map(lambda word: f"{field} {word}"),
        )
    )


@st.composite
def _any_protocol(draw):
    field = draw(st.sampled_from(("dport", "sport")))
    pairs = ("tcp . 80", "udp . 53", "tcp . 443", "udp . 3478")
    return draw(
        st.one_of(
            _or_not(st.just("meta l4proto"), _of(_PROTOCOLS)),
            _of(_PORTS).map(lambda ports: f"meta l4proto {{ tcp, udp }} th {field} {ports}"),
            _or_not(st.just(f"meta l4proto . th {field}"), _braced(pairs)),
        )
    )


@st.composite
def _icmp(draw, protocol):
    code = draw(st.sampled_from(("", "", "", f" {protocol} code 0", f" {protocol} code != 1")))
    return draw(_or_not(st.just(f"{protocol} type"), _of(_ICMP[protocol]))) + code


def _state():
    return st.one_of(
        _or_not(st.just("ct state"), _of(_STATES)),
        st.sampled_from(("ct state established,related", "ct state != new", "ct direction reply")),
    )


@st.composite
def _together(draw, family, protocol):
    """Concatenations, as far as they fit."""
    kinds = [
        ("iifname . oifname", ['"lan" . "wan0"', '"lan" . "wan1"', '"wan0" . "dmz"']),
    ]
    if family:
        every = _ADDRESSES[family]
        kinds.append(
            (f"{family} saddr . {family} daddr", [f"{a} . {b}" for a in every for b in every[2:5]])
        )
        kinds.append((f"iifname . {family} daddr", [f'"lan" . {each}' for each in every]))
    if family and protocol in ("tcp", "udp"):
        pairs = [f"{a} . {p}" for a in _ADDRESSES[family][:4] for p in _PORTS[:5]]
        kinds.append((f"{family} daddr . {protocol} dport", pairs))
        kinds.append((f"{family} saddr . {protocol} sport", pairs))
    field, elements = draw(st.sampled_from(kinds))
    return draw(_or_not(st.just(field), _braced(elements)))


def _matches(family, protocol):
    """What a rule about packets of a family and a protocol may say, both perhaps empty."""
    found = [_interfaces(), _state(), _together(family, protocol)]
    if family:
        found += [_address(family), _address(family), _masked(family)]
    else:
        words = ("meta nfproto ipv4", "meta nfproto ipv6", "meta protocol ip", "meta protocol ip6")
        found.append(st.sampled_from(words))
    if protocol in ("tcp", "udp"):
        found += [_port(protocol)] * 3
    elif protocol:
        found += [_icmp(protocol)] * 2
    else:
        found.append(_any_protocol())
    if protocol == "tcp":
        flags = "tcp flags & (fin | syn | rst | ack)"
        found.append(st.sampled_from((f"{flags} == syn", f"{flags} != syn", "tcp flags syn")))
    return st.one_of(*found)


def _verdicts(behind):
    plain = [st.sampled_from(("accept", "drop", "return", "continue"))]
    if behind:
        plain.append(
            st.builds("{} {}".format, st.sampled_from(("jump", "goto")), st.sampled_from(behind))
        )
    return st.one_of(*plain, plain[-1])


@st.composite
def _map(draw, family, protocol, behind):
    kinds = [("ct state", _STATES[:4]), ("iifname", tuple(f'"{name}"' for name in INTERFACES))]
    if family:
        kinds.append((f"{family} daddr", _ADDRESSES[family]))
    if protocol in ("tcp", "udp"):
        kinds += [(f"{protocol} dport", _PORTS)] * 2
    elif protocol:
        kinds.append((f"{protocol} type", _ICMP[protocol]))
    else:
        kinds.append(("meta l4proto", _PROTOCOLS))
    if family == "ip" and protocol == "tcp":
        pairs = ("10.0.0.0/16 . 22", "10.1.0.0/17 . 80-90", "10.7.0.1 . 443")
        kinds.append(("ip saddr . tcp dport", pairs))
    field, keys = draw(st.sampled_from(kinds))
    if protocol == "tcp" and _NAMED[-1] in behind and draw(st.integers(0, 3)) == 0:
        return "tcp dport vmap @ways"
    some = draw(_some(keys, min_size=1, max_size=4))
    elements = ", ".join(f"{key} : {draw(_verdicts(behind))}" for key in some)
    return f"{field} vmap {{ {elements} }}"


@st.composite
def _rule(draw, behind, *, may_reject, may_limit):
    family = draw(st.sampled_from(("ip", "ip", "ip6", "")))
    protocol = draw(st.sampled_from(("tcp", "tcp", "udp", "icmp", "")))
    if protocol == "icmp" and family == "ip6":
        protocol = "icmpv6"
    # A rule about every packet would leave nothing to the rules behind it.
    matches = " ".join(draw(st.lists(_matches(family, protocol), min_size=1, max_size=3)))
    if draw(st.integers(0, 4)) == 0:
        return f"{matches} {draw(_map(family, protocol, behind))}"
    aside = draw(st.sampled_from(("", "", "", "counter ", 'log prefix "x" ', *_LIMIT[:may_limit])))
    verdict = draw(_verdicts(behind))
    if may_reject and draw(st.integers(0, 5)) == 0:
        verdict = draw(st.sampled_from(("reject", "reject with icmpx type admin-prohibited")))
    return f"{matches} {aside}{verdict}"


@st.composite
def _chain(draw, name, hook, behind, may_reject):
    head = ""
    if hook:
        priority = draw(st.sampled_from(("filter", "filter + 10", "filter - 5", "mangle", "raw")))
        policy = draw(st.sampled_from(("accept", "accept", "drop")))
        head = f"\t\ttype filter hook {hook} priority {priority}; policy {policy};\n"
    rule = _rule(behind, may_reject=may_reject, may_limit=bool(hook))
    rules = draw(st.lists(rule, min_size=2, max_size=8))
    body = "".join(f"\t\t{' '.join(rule.split())}\n" for rule in rules)
    return f"\tchain {name} {{\n{head}{body}\t}}\n"


def _elements(values):
    return _some(values, min_size=1, max_size=3).map(", ".join)


@st.composite
def _sets(draw):
    text = ""
    for name, family in (("nets4", "ip"), ("nets6", "ip6")):
        elements = draw(_elements(_ADDRESSES[family]))
        text += (
            f"\tset {name} {{\n\t\ttype {_TYPE[family]}\n\t\tflags interval\n"
            f"\t\telements = {{ {elements} }}\n\t}}\n"
        )
    elements = draw(_elements(_PORTS))
    text += (
        "\tset services {\n\t\ttype inet_service\n\t\tflags interval\n"
        f"\t\telements = {{ {elements} }}\n\t}}\n"
    )
    ways = draw(_some(("22", "80", "443", "3478"), min_size=1, max_size=3))
    elements = ", ".join(f"{port} : {draw(_verdicts(_NAMED[3:]))}" for port in ways)
    text += (
        f"\tmap ways {{\n\t\ttype inet_service : verdict\n\t\telements = {{ {elements} }}\n\t}}\n"
    )
    return text


@st.composite
def _table(draw, name, hooks):
    chains = [
        draw(_chain(each, "", _NAMED[index + 1 :], may_reject=False))
        for index, each in enumerate(_NAMED)
    ]
    chains += [
        draw(_chain(f"at_{hook}", hook, _NAMED, hook not in ("prerouting", "postrouting")))
        for hook in hooks
    ]
    # Chains may be used before they are defined, sets may not.
    return f"table inet {name} {{\n{draw(_sets())}{''.join(chains)}}}\n"


@st.composite
def rulesets(draw):
    """The text of one or two tables that decide about forwarding, and more hooks."""
    first = ["forward", *draw(_some(("prerouting", "postrouting", "input", "output"), max_size=2))]
    text = draw(_table("mine", first))
    if draw(st.integers(0, 2)) == 0:
        text += draw(_table("theirs", draw(_some(("forward", "input"), min_size=1))))
    return numbered(text)


def numbered(text):
    """Every limit with a rate of its own."""
    first, *others = text.split("NUMBER")
    return first + "".join(f"{number}{part}" for number, part in enumerate(others, 5))

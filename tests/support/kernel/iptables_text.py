"""Random rulesets as ``iptables-save`` and ``ip6tables-save`` write them (Hypothesis)."""

from hypothesis import strategies as st

from callgate.flows import Family
from tests.support.kernel.nftables_text import numbered

INTERFACES = ("lan", "dmz", "wan0", "wan1", "tun7")
_NAMED = ("one", "two", "three")
_NETS = {
    Family.V4: ("10.0.0.0/8", "10.1.0.0/16", "10.7.0.1/32", "192.0.2.128/25", "198.51.100.7/32"),
    Family.V6: ("2001:db8::/32", "2001:db8:7::/48", "2001:db8:7::5/128", "fd00::/8"),
}
_RANGES = {
    Family.V4: ("192.0.2.5-192.0.2.9", "10.0.255.255-10.2.0.0"),
    Family.V6: ("2001:db8::1-2001:db8::ff", "fd00::-fd7f::1"),
}
_ICMP = {
    Family.V4: ("icmp", "--icmp-type", ("8", "0", "3", "3/4", "3/1", "echo-request", "13")),
    Family.V6: ("ipv6-icmp", "--icmpv6-type", ("128", "129", "1/0", "2", "136", "echo-request")),
}
_SINGLE = ("22", "53", "443", "3478", "65535")
_SPANS = ("80:90", "1024:65535", ":1023", "45000:49999")
_STATES = ("NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "RELATED,ESTABLISHED")
_NOT = st.sampled_from(("", "", "! "))


@st.composite
def _address(draw, family):
    option = draw(st.sampled_from(("-s", "-d")))
    return f"{draw(_NOT)}{option} {draw(st.sampled_from(_NETS[family]))}"


@st.composite
def _range(draw, family):
    option = draw(st.sampled_from(("--src-range", "--dst-range")))
    return f"-m iprange {draw(_NOT)}{option} {draw(st.sampled_from(_RANGES[family]))}"


@st.composite
def _interface(draw, option):
    return f"{draw(_NOT)}{option} {draw(st.sampled_from((*INTERFACES, 'wan+', 'nosuch')))}"


@st.composite
def _several(draw):
    option = draw(st.sampled_from(("--dports", "--sports", "--ports")))
    some = draw(st.lists(st.sampled_from((*_SINGLE, "80:90")), min_size=1, max_size=4, unique=True))
    return f"-m multiport {draw(_NOT)}{option} {','.join(some)}"


@st.composite
def _ported(draw):
    protocol = draw(st.sampled_from(("tcp", "udp")))
    parts = [f"-p {protocol}"]
    kind = draw(st.integers(0, 3))
    if kind == 0:
        parts.append(draw(_several()))
    elif kind == 1 and protocol == "tcp":
        flags = "--tcp-flags FIN,SYN,RST,ACK SYN"
        parts.append(f"-m tcp {draw(_NOT)}{draw(st.sampled_from(('--syn', flags)))}")
    else:
        option = draw(st.sampled_from(("--dport", "--dport", "--sport")))
        value = draw(st.sampled_from((*_SINGLE, *_SPANS)))
        parts.append(f"-m {protocol} {draw(_NOT)}{option} {value}")
    return " ".join(parts)


@st.composite
def _protocol(draw, family):
    icmp, option, types = _ICMP[family]
    return draw(
        st.one_of(
            _ported(),
            _ported(),
            st.builds("{}-p {}".format, _NOT, st.sampled_from(("tcp", "udp", icmp, "gre", "89"))),
            st.builds(
                f"-p {icmp} -m {icmp} {{}}{option} {{}}".format, _NOT, st.sampled_from(types)
            ),
        )
    ).replace("-m ipv6-icmp", "-m icmp6")


@st.composite
def _other(draw, family, may_limit):
    state = f"{draw(_NOT)}--ctstate {draw(st.sampled_from(_STATES))}"
    sides = draw(st.sampled_from(("src", "dst")))
    return (
        draw(
            st.sampled_from(
                (
                    f"-m conntrack {state}",
                    f"-m conntrack {state}",
                    "-m conntrack --ctdir ORIGINAL",
                    f"-m set {draw(_NOT)}--match-set nets {sides}",
                    f"-m set {draw(_NOT)}--match-set nets {sides}",
                    "-m limit --limit NUMBER/min" if may_limit else "",
                    '-m comment --comment "a comment -j DROP"',
                )
            )
        )
        if draw(st.booleans())
        else draw(_range(family))
    )


@st.composite
def _matches(draw, family, options, may_limit):
    parts = []
    if draw(st.booleans()):
        parts.append(draw(_address(family)))
    if draw(st.integers(0, 2)) == 0:
        parts.append(draw(_interface(draw(st.sampled_from(options)))))
    if draw(st.booleans()):
        parts.append(draw(_protocol(family)))
    if draw(st.integers(0, 2)) == 0:
        parts.append(draw(_other(family, may_limit)))
    # A rule about every packet would leave nothing to the rules behind it.
    return " ".join(parts) or draw(_protocol(family))


def _targets(behind, rejects):
    found = [st.sampled_from(("-j ACCEPT", "-j DROP", "-j RETURN", "-j LOG", ""))]
    if rejects:
        found.append(st.just("-j REJECT"))
    if behind:
        ways = st.builds("{} {}".format, st.sampled_from(("-j", "-g")), st.sampled_from(behind))
        found += [ways, ways]
    return st.one_of(*found)


@st.composite
def _rules(draw, family, chain, options, behind, *, rejects=True):
    count = draw(st.integers(2, 7))
    lines = []
    for _ in range(count):
        target = draw(_targets(behind, rejects))
        matches = draw(_matches(family, options, may_limit=chain not in _NAMED))
        lines.append(f"-A {chain} {matches} {target}")
    return lines


@st.composite
def rulesets(draw, family):
    """The text of one dump, with the set ``nets`` before its tables."""
    policies = {name: draw(st.sampled_from(("ACCEPT", "DROP"))) for name in _HOOKS}
    lines = ["*filter", *(f":{name} {policy} [0:0]" for name, policy in policies.items())]
    lines += [f":{name} - [0:0]" for name in _NAMED]
    for name, options in _HOOKS.items():
        lines += draw(_rules(family, name, options, _NAMED))
    for index, name in enumerate(_NAMED):
        # No interface that does not exist at a hook from which the chain can be reached.
        lines += draw(_rules(family, name, ("-i", "-o"), _NAMED[index + 1 :]))
    lines.append("COMMIT")
    if draw(st.integers(0, 3)) == 0:
        table, chain = draw(st.sampled_from((("raw", "PREROUTING"), ("mangle", "FORWARD"))))
        lines += [f"*{table}", f":{chain} ACCEPT [0:0]"]
        options = ("-i",) if table == "raw" else ("-i", "-o")
        lines += [*draw(_rules(family, chain, options, (), rejects=False)), "COMMIT"]
    text = "\n".join(" ".join(line.split()) for line in lines) + "\n"
    return _members(draw, family) + numbered(text)


def _members(draw, family):
    word = "inet" if family is Family.V4 else "inet6"
    some = draw(st.lists(st.sampled_from(_NETS[family]), max_size=3, unique=True))
    lines = [f"create nets hash:net family {word}", *(f"add nets {each}" for each in some)]
    return "\n".join(lines) + "\n"


_HOOKS = {"INPUT": ("-i",), "FORWARD": ("-i", "-o"), "OUTPUT": ("-o",)}

"""A line means the same whatever stood before it: what is recalled is what would be read."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from callgate.dialects.reading import find
from callgate.errors import InputError

CHAINS = ("INPUT DROP", "FORWARD DROP", "OUTPUT DROP", "more -", "last -")
HEAD = "# iptables\n*filter\n" + "".join(f":{chain} [0:0]\n" for chain in CHAINS)
FIRST = HEAD.count("\n") + 1
ENDS = ("192.0.2.7/32", "198.51.100.0/24", "0.0.0.0/0", "no.such.host", "300.1.1.1", "!")
PORTS = (
    "22",
    "53",
    "80",
    "443",
    "1:2",
    "1024:65535",
    "0:65535",
    "9:1",
    "ssh",
    "70000",
    "!",
    "! 53",
    "nonsense",
)
COMMENTS = (
    "plain",
    "other",
    "third",
    '"two words"',
    r'"a \" b"',
    '"x --dport 9 y"',
    '"!"',
    "!",
    '"',
    'a"b"',
    "-j",
)
#: What may stand around the ports; some of it narrows them, or is wrong there.
AROUND = (
    "-p tcp -m tcp", "-p udp -m udp", "-p tcp", "-p gre", "-i eth0", "! -i eth0", "!", "-m tcp",
    "-m state --state NEW", "-m limit --limit 1/s", "-m multiport --dports 22,53",
    "-m multiport --ports 53", "--destination-port 53", "-s 203.0.113.1/32", "--tcp-flags SYN SYN",
    "-m iprange --dst-range 192.0.2.1-192.0.2.9", "--syn",
)  # fmt: skip
TARGETS = ("-j ACCEPT", "-j DROP", "-j last", "-g last", '-j LOG --log-prefix "--dport 5 "', "")


def optional(option, values):
    return st.one_of(st.just(""), st.sampled_from(values).map(lambda value: f"{option} {value}"))


AROUND_MOSTLY = st.one_of(st.just("-p tcp -m tcp"), st.sampled_from(AROUND))
PARTS = (
    st.sampled_from(("INPUT", "more")),
    st.sampled_from(("", "", "! ")),
    optional("-s", ENDS),
    optional("-d", ENDS),
    AROUND_MOSTLY,
    optional("-m comment --comment", COMMENTS),
    st.sampled_from(("", "", "", "! ")),
    optional("--sport", PORTS),
    optional("--dport", PORTS),
    st.one_of(st.just(""), st.sampled_from(AROUND)),
    optional("-m comment --comment", COMMENTS),
    st.sampled_from(TARGETS),
)


@st.composite
def lines(draw):
    """Variants of one line that differ from it in two parts at most, so that it is recalled."""
    first = [draw(part) for part in PARTS]
    some = [first]
    for _ in range(draw(st.integers(1, 6))):
        other = list(first)
        for place in draw(st.sets(st.integers(0, len(PARTS) - 1), max_size=2)):
            other[place] = draw(PARTS[place])
        some.append(other)
    return [" ".join(["-A", *(part.strip() for part in parts if part)]) for parts in some]


def read(some):
    """What lines say, rule by rule without places; or the numbers of those that are wrong."""
    text = HEAD + "".join(f"{line}\n" for line in some) + "COMMIT\n"
    try:
        ruleset = find("iptables").parse(text, "x")
    except InputError as error:
        return {mistake.place.line - FIRST for mistake in error.mistakes}
    said = [[] for _ in some]
    for name, chain in ruleset.chains.items():
        for rule in chain.rules:
            what = (name, rule.action, rule.match, rule.target, rule.enabled, rule.text)
            said[rule.place.line - FIRST].append(what)
    for each in ruleset.unmodelled:
        said[each.place.line - FIRST].append((each.text, each.place.column, each.hint))
    return said


TCP = "-A INPUT -s 192.0.2.7/32 -p tcp -m tcp"


@example([f"{TCP} ! --dport 22 -j DROP", f"{TCP} ! --dport 23 -j DROP"])
@example([f"{TCP} --dport {n} -m multiport --dports 22,53 -j DROP" for n in (22, 80)])
@example([f"{TCP} --sport {some} -j DROP" for some in ("1:2", "9:1")])
@example([f"{TCP} -m comment --comment {some} -j DROP" for some in ("a", "!")])
@example([f'{TCP} -m comment --comment "{some}" -j DROP' for some in ("a", "!", "b")])
@example([f'{TCP} -j LOG --log-prefix "a --dport {n} "' for n in (1, 2)])
@example([f'{TCP} -j LOG --log-prefix "a -m comment --comment {n} "' for n in (1, 2)])
@settings(max_examples=150, deadline=None)
@given(lines())
def test_lines_together_mean_what_each_means_alone(some):
    alone = [read([line]) for line in some]
    wrong = {number for number, said in enumerate(alone) if isinstance(said, set)}
    assert read(some) == wrong or not wrong
    right = [line for number, line in enumerate(some) if number not in wrong]
    assert read(right) == [said[0] for said in alone if not isinstance(said, set)]

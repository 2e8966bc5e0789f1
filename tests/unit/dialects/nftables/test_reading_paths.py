"""How chains, maps and hooks hang together."""

import pytest

from callgate.flows import Family
from callgate.rules import ConnectionState
from tests.support.nft import fate, parse, ruleset

TCP = "tcp 192.0.2.1 1024 198.51.100.7 443"
UDP = "udp 192.0.2.1 1024 198.51.100.7 3478"


def base(hook, *rules, priority="0", policy="accept", name="", kind="filter"):
    lines = "\n".join(rules)
    return (
        f"chain {name or hook} {{\ntype {kind} hook {hook} priority {priority}; policy {policy};\n"
        f"{lines}\n}}"
    )


def table(*blocks, family="inet", name="t"):
    return f"table {family} {name} {{\n" + "\n".join(blocks) + "\n}\n"


def test_base_chains_of_a_hook_stand_in_order_of_priority():
    made = parse(
        table(base("forward", priority="10", name="late"), base("forward", priority="-1", name="b"))
        + table(base("forward", priority="raw + 2", name="first"), name="u", family="ip")
    )
    assert made.entry("forward").chains == ("ip u first", "inet t b", "inet t late")


def test_an_accept_ends_one_base_chain_only():
    made = parse(
        table(base("forward", "accept", name="a"), base("forward", priority="1", policy="drop"))
    )
    assert fate(made, TCP) == "drop"


@pytest.mark.parametrize(
    ("name", "hooks"),
    [
        ("forward", ["prerouting", "forward", "postrouting"]),
        ("input", ["prerouting", "input"]),
        ("output", ["output", "postrouting"]),
    ],
)
def test_a_packet_meets_every_hook_on_its_way(name, hooks):
    every = ("postrouting", "output", "forward", "input", "prerouting")
    made = parse(table(*(base(hook) for hook in every)))
    assert made.entry(name).chains == tuple(f"inet t {hook}" for hook in hooks)


def test_answers_come_the_other_way():
    made = parse(table(base("output", policy="drop")))
    assert [(entry.name, entry.reply) for entry in made.entries] == [
        ("input", "output"),
        ("output", "input"),
    ]
    assert made.entry("input").chains == ()


def test_before_routing_no_interface_to_leave_by_is_known():
    common = 'chain common { oifname "eth1" accept; oifname != "eth1" drop; }'
    made = parse(table(common, base("prerouting", "jump common"), base("forward", "jump common")))
    assert fate(made, TCP, out_interface="eth1") == "drop"
    alone = parse(table(common, base("forward", "jump common", policy="drop")))
    assert fate(alone, TCP, out_interface="eth1") == "accept"


@pytest.mark.parametrize(
    ("hook", "priority", "entry", "expected"),
    [
        ("prerouting", "raw", "forward", "drop"),
        ("prerouting", "-150", "forward", "accept"),
        ("output", "-300", "output", "drop"),
        ("output", "0", "output", "accept"),
        ("forward", "-300", "forward", "accept"),
    ],
)
def test_before_tracking_every_packet_counts_as_invalid(hook, priority, entry, expected):
    made = parse(table(base(hook, "ct state invalid drop", priority=priority)))
    assert fate(made, TCP, entry) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConnectionState.NEW, "accept"),
        (ConnectionState.ESTABLISHED, "accept"),
        (ConnectionState.INVALID, "drop"),
        (ConnectionState.UNTRACKED, "reject"),
    ],
)
def test_a_verdict_map_over_states(state, expected):
    made = ruleset(
        "ct state vmap { established : accept, new : jump more, invalid : drop }",
        "reject",
        before="chain more { tcp dport 443 accept; }",
    )
    assert fate(made, TCP, state=state) == expected
    assert fate(made, UDP, state=ConnectionState.NEW) == "reject"


@pytest.mark.parametrize(
    ("port", "expected"),
    [(22, "accept"), (80, "drop"), (89, "drop"), (443, "reject"), (9, "reject"), (7, "accept")],
)
def test_a_verdict_map_with_ranges_and_a_rest(port, expected):
    made = ruleset(
        "tcp dport vmap { 22 : jump yes, 80-90 : drop, 443 : jump no,"
        " 7 : continue, * : goto rest }",
        "tcp dport 443 reject",
        "accept",
        before="chain yes { accept; }\nchain no { return; }\nchain rest { reject; }",
    )
    assert fate(made, TCP.replace("443", str(port))) == expected


def test_goto_does_not_come_back():
    made = ruleset("goto away", "accept", before="chain away { return; }")
    assert fate(made, TCP) == "drop"


def test_a_chain_that_nothing_leads_to_may_lead_to_one_that_packets_meet():
    made = parse(
        table(
            "chain unused {\ngoto met\n}",
            "chain met {\naccept\n}",
            base("prerouting", "goto met", policy="drop"),
        )
    )
    assert fate(made, TCP) == "accept"


def test_a_named_verdict_map_of_keys():
    made = ruleset(
        "iifname . tcp dport vmap @v",
        before="map v { typeof iifname . tcp dport : verdict;"
        ' elements = { "eth0" . 443 : accept } }',
    )
    assert fate(made, TCP, in_interface="eth0") == "accept"
    assert fate(made, TCP, in_interface="eth1") == "drop"


def test_a_verdict_map_that_is_filled_at_run_time_is_unmodelled():
    made = ruleset(
        "tcp dport vmap @v",
        before="map v { type inet_service : verdict; flags dynamic; }",
    )
    assert fate(made, TCP) == "unmodelled"
    assert fate(made, UDP) == "drop"
    assert made.unmodelled[0].text == "tcp dport vmap @v"


@pytest.mark.parametrize("family", ["bridge", "arp", "netdev"])
def test_tables_that_decide_no_packets_are_named(family):
    made = parse(f"\ntable {family} t {{ chain c {{ drop; }} }}")
    assert made.chains == {}
    (found,) = made.unmodelled
    assert (found.text, found.place.line) == (f"table {family} t", 2)


def test_a_dormant_table_is_named_and_passed():
    made = parse(f"table inet t {{ flags dormant; {base('forward', 'drop')} }}")
    assert made.entries == ()
    assert "dormant" in made.unmodelled[0].hint


def test_what_comes_before_routing_at_a_device_is_named():
    text = 'chain i { type filter hook ingress device "eth0" priority 0; drop; }'
    made = parse(table(text))
    assert made.entries == ()
    assert made.unmodelled[0].text == "chain i at hook ingress"


def test_a_table_sees_its_own_family_only():
    made = parse(table(base("forward", "drop"), family="ip6"))
    assert made.chains["ip6 t forward"].families == {Family.V6}
    assert fate(made, TCP) == "accept"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("dnat to 192.0.2.9:443", "dnat"),
        ("dnat ip to tcp dport map { 443 : 192.0.2.9 }", "dnat"),
        ("snat to 192.0.2.9 persistent", "snat"),
        ("masquerade random", "masquerade"),
        ("redirect to :8443", "redirect"),
    ],
)
def test_what_rewrites_a_packet_is_noted_with_what_it_meets(statement, kind):
    made = parse(table(base("prerouting", f'tcp dport 443 {statement} comment "x"', kind="nat")))
    (note,) = made.notes
    assert note.kind == kind
    assert note.match.destination_port.intervals == ((443, 443),)
    assert made.entries == ()  # nothing there can drop


def test_a_nat_chain_that_drops_is_passed_by_first_packets():
    made = parse(table(base("prerouting", "tcp dport 443 drop", kind="nat")))
    assert fate(made, TCP) == "drop"
    assert fate(made, TCP, state=ConnectionState.ESTABLISHED) == "accept"


def test_untracked_packets_are_never_new():
    raw = base("prerouting", "udp dport 3478 notrack", priority="raw")
    condition = "notrack: udp dport 3478 notrack"
    new = parse(table(raw, base("forward", "ct state new accept", policy="drop")))
    assert fate(new, TCP) == "accept"
    assert fate(new, UDP) == "accept"
    assert fate(new, UDP, conditions=[condition]) == "drop"
    untracked = parse(table(raw, base("forward", "ct state untracked accept", policy="drop")))
    assert fate(untracked, UDP, conditions=[condition]) == "accept"
    assert fate(untracked, TCP, conditions=[condition]) == "drop"
    assert [note.kind for note in new.notes] == ["notrack"]


def test_the_default_knows_the_line_that_says_it():
    made = parse(table("chain c {\ntype filter hook forward priority 0\npolicy drop\n}"))
    last = made.chains["inet t c"].last
    assert (last.text, last.place.line) == ("policy drop", 4)

"""What nft lists after loading a ruleset means what we read in the ruleset itself.

``nft -j`` tells the structure by another way: the same tables, chains and hooks, as many
rules, as many elements.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from callgate.dialects.nftables.reading.commands import read_script
from callgate.dialects.nftables.reading.tokens import Source
from callgate.dialects.reading import nothing_to_include
from callgate.netns import End, Link, Topology
from tests.lab.requirements import require
from tests.support.nft import parse
from tests.support.nft_rulesets import rulesets

pytestmark = pytest.mark.lab

HOOKS = ("prerouting", "input", "forward", "output", "postrouting")
BY_HAND = [
    """
    define lan = { 192.0.2.0/24, 198.51.100.1 }
    define low = -5
    add table ip t
    add chain ip t base { type filter hook input priority $low; policy drop; }
    add chain ip t other
    add rule ip t other ip saddr $lan tcp dport { ssh, 8000-8080 } counter accept
    add rule ip t base ct state vmap { established : accept, related : accept, invalid : drop }
    insert rule ip t base iif lo accept
    add rule ip t base index 0 icmp type echo-request limit rate 10/second accept
    add rule ip t base meta mark 0x10 jump other
    add rule ip t base ip saddr & 255.255.255.0 == 192.0.2.0 udp dport domain return
    add rule ip t base tcp flags & (fin|syn|rst|ack) == syn log prefix \\"new: \\" goto other
    """,
    """
    table inet filter {
        set clients {
            typeof ip saddr; flags interval; auto-merge
            elements = { 192.0.2.0/25, 192.0.2.128/25 }
        }
        set pairs {
            type ipv4_addr . inet_service
            elements = { 192.0.2.1 . 80, 192.0.2.1 . 443, 192.0.2.2 . 80 }
        }
        set seen { type ipv4_addr; flags dynamic,timeout; timeout 1h; }
        map where {
            type ifname . inet_service : verdict
            elements = { "eth0" . 22 : drop, "eth1" . 22 : accept }
        }
        chain forward {
            type filter hook forward priority mangle + 5; policy accept;
            ip saddr @clients ip daddr . tcp dport @pairs accept
            ip saddr . tcp dport != @pairs counter
            iifname . tcp dport vmap @where
            add @seen { ip saddr timeout 10s }
            ip saddr @seen drop
            ip6 nexthdr icmpv6 icmpv6 type { nd-neighbor-solicit, nd-router-advert } accept
            meta l4proto { tcp, udp } th dport 53 accept
            fib daddr type local accept
            meta hour "08:00"-"17:00" drop
            tcp dport != { 22, 80-90 } reject with tcp reset
            udp dport 0-1023 reject with icmpx admin-prohibited
            ct status dnat accept
            quota over 25 mbytes drop
            meta mark set 0x4 ct mark set meta mark
        }
        chain nat {
            type nat hook postrouting priority srcnat;
            oifname "eth1" masquerade
            ip saddr 192.0.2.9 snat ip to 198.51.100.9
        }
    }
    """,
]


@pytest.fixture(scope="module")
def kernel():
    require("nft", "ip")
    with Topology([Link(End("one", ("192.0.2.1/24",)), End("two", ("192.0.2.2/24",)))]) as built:
        yield built["one"]


def meaning(ruleset):
    """A ruleset without places, words, and the order of what one line becomes."""
    chains = {}
    for name, chain in ruleset.chains.items():
        lines = {}
        for rule in chain.rules:
            lines.setdefault((rule.place, rule.text), []).append(
                (rule.action, rule.target, rule.match)
            )
        found = [sorted(map(repr, map(placeless, each))) for each in lines.values()]
        chains[name] = (chain.default, chain.families, found)
    entries = [(entry.name, entry.chains, entry.reply) for entry in ruleset.entries]
    return chains, entries, Counter(note.kind for note in ruleset.notes)


def placeless(outcome):
    action, target, match = outcome
    conditions = sorted((each.condition.text, each.negated) for each in match.conditions)
    fields = [getattr(match, name) for name in match.__dataclass_fields__ if name != "conditions"]
    return action, target, fields, conditions


def listed(kernel, text):
    kernel.run("nft", "-f", "-", stdin="flush ruleset\n" + text)
    return kernel.run("nft", "list", "ruleset")


def structure(text):
    """Tables, chains and sets, as we read them."""
    found = Counter()
    for table in read_script(Source("f", text), nothing_to_include).tables.values():
        at = (table.family, table.name)
        found["table", *at] += 1
        for chain in table.chains.values():
            base = chain.base
            hook = (base.type, base.hook, base.priority, chain.policy) if base else ()
            found["chain", *at, chain.name, *hook] += 1
            found["rules", *at, chain.name] += len(chain.rules)
        for held in table.sets.values():
            found["elements", *at, held.name] += len(held.entries)
    return found


def structure_by_json(kernel):
    found = Counter()
    for item in kernel.nft_list("ruleset"):
        ((kind, each),) = item.items()
        at = (each["family"], each.get("table"))
        match kind:
            case "table":
                found["table", each["family"], each["name"]] += 1
            case "chain":
                base = ("type", "hook", "prio", "policy")
                hook = tuple(each[key] for key in base) if "hook" in each else ()
                found["chain", *at, each["name"], *hook] += 1
            case "rule":
                found["rules", *at, each["chain"]] += 1
            case "set" | "map":
                found["elements", *at, each["name"]] += len(each.get("elem", []))
    return found


def agree(kernel, text):
    after = listed(kernel, text)
    assert meaning(parse(after)) == meaning(parse(text)), after
    assert +structure(after) == +structure_by_json(kernel)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a ruleset takes minutes
)
@given(rulesets(HOOKS))
def test_a_listing_means_what_was_loaded(kernel, text):
    agree(kernel, text)
    if "tcp flags" in text:
        return  # a condition keeps the words of its text
    # Listed with numbers in place of names, it is still the same.
    numeric = kernel.run("nft", "-n", "list", "ruleset")
    assert meaning(parse(numeric)) == meaning(parse(text)), numeric


@pytest.mark.parametrize("text", BY_HAND, ids=["commands", "blocks"])
def test_what_is_written_by_hand_means_what_is_listed(kernel, text):
    agree(kernel, text.replace("\\", ""))


def test_two_rulesets_that_differ_in_one_port_do_not_agree(kernel):
    text = BY_HAND[1]
    assert meaning(parse(listed(kernel, text))) != meaning(parse(text.replace("80-90", "80-91")))

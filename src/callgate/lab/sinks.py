"""What the kernel is asked to write down, in nftables' language (pure text).

Three tables, none of which decides anything about the packets under test:

* at both *ends*, the packets that arrive, after any ruleset that is loaded there. An
  end's own kernel keeps quiet: what it says to a surprising packet is no part of the test;
* where the ruleset is, the *judge*, how many first packets came to it and how many it let
  through. That is how we know that no packet was lost on the way to a judgement.

TCP resets never count: a firewall that rejects sends them in the name of either end.
"""

from collections.abc import Iterable
from typing import Final

from callgate.flows import Family
from callgate.flows.prefixes import address_of
from callgate.policy.model import Direction

END: Final = "inet callgate_end"
JUDGE: Final = "inet callgate_judge"
SEEN: Final = {Family.V4: "seen4", Family.V6: "seen6"}
#: Marks the packets that we make, so that an end's own kernel can be told apart.
MARK: Final = 0xCA11
_IP: Final = {Family.V4: "ip", Family.V6: "ip6"}
_NO_RESETS: Final = "tcp flags & (syn | rst) != syn accept"
_SET: Final = """\
	set {name} {{
		type inet_proto . {address} . inet_service . {address} . inet_service
		size 1048576
		flags dynamic
	}}
"""
_RECORD: Final = (
    "meta l4proto {{ tcp, udp }} add @{name} "
    "{{ meta l4proto . {ip} saddr . th sport . {ip} daddr . th dport }}"
)


def end_table() -> str:
    """The table at an end: sets of what arrived, how many, and a quiet kernel."""
    sets = "".join(_set(family) for family in Family)
    records = "\n\t\t".join(
        f"meta nfproto ipv{family.value} " + _RECORD.format(name=SEEN[family], ip=_IP[family])
        for family in Family
    )
    return f"""\
table {END}
delete table {END}
table {END} {{
{sets}	counter arrived {{ }}
	chain arrive {{
		type filter hook input priority 1000; policy accept;
		{_NO_RESETS}
		meta l4proto {{ tcp, udp }} counter name arrived
		{records}
	}}
	chain hush {{
		type filter hook output priority -500; policy accept;
		meta mark != {MARK} meta l4proto {{ tcp, udp }} drop
		icmp type destination-unreachable drop
		icmpv6 type destination-unreachable drop
	}}
}}
""".replace("{ }", "{\n\t}")


def _set(family: Family) -> str:
    return _SET.format(name=SEEN[family], address=f"ipv{family.value}_addr")


def judge_table(direction: Direction, clients: Iterable[tuple[Family, int]]) -> str:
    """The table beside the ruleset: first packets of a direction, before and after it."""
    side = "saddr" if direction is Direction.OUT else "daddr"
    known = list(clients)
    count = {
        name: "\n\t\t".join(
            f"{_IP[family]} {side} {address_of(address, family)} "
            f"meta l4proto {{ tcp, udp }} counter name {name}"
            for family, address in known
        )
        for name in ("judged", "passed")
    }
    return f"""\
table {JUDGE}
delete table {JUDGE}
table {JUDGE} {{
	counter judged {{
	}}
	counter passed {{
	}}
{_chain("first", "prerouting", -500, count["judged"])}\
{_chain("own", "output", -450, count["judged"])}\
{_chain("taken", "input", 900, count["passed"])}\
{_chain("sent", "postrouting", 900, count["passed"])}\
}}
"""


def _chain(name: str, hook: str, priority: int, rules: str) -> str:
    return f"""\
	chain {name} {{
		type filter hook {hook} priority {priority}; policy accept;
		{_NO_RESETS}
		{rules}
	}}
"""

"""Short ways to write nftables rulesets and packets in tests."""

import ipaddress

from callgate.check import Prepared
from callgate.check.walk import Circumstances, walk
from callgate.dialects.nftables.reading import NftablesReader
from callgate.dialects.reading import nothing_to_include
from callgate.flows import Family, Packet, Protocol
from callgate.rules import ConnectionState

NAME = "test.nft"
_NUMBERS = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "sctp": Protocol.SCTP}


def parse(text, include=nothing_to_include):
    return NftablesReader().parse(text, NAME, include)


def ruleset(*rules, family="inet", before="", policy="drop", hook="forward", priority="filter"):
    """One table with one base chain; what is in ``before`` stands in the table above it."""
    lines = "\n".join(f"\t\t{rule}" for rule in rules)
    return parse(
        f"table {family} t {{\n{before}\n\tchain c {{\n"
        f"\t\ttype filter hook {hook} priority {priority}; policy {policy};\n{lines}\n\t}}\n}}\n"
    )


def rules(text, **more):
    """The rules that one line becomes."""
    made = ruleset(text, **more)
    return made.chains[f"{more.get('family', 'inet')} t c"].rules


def packet(text):
    """``tcp 192.0.2.1 1024 198.51.100.7 443``; ``icmp 192.0.2.1 8/0 198.51.100.7``."""
    words = text.split()
    source = ipaddress.ip_address(words[1])
    if words[0] in _NUMBERS:
        protocol, target, ports = _NUMBERS[words[0]], words[3], (int(words[2]), int(words[4]))
    else:
        kind, _, code = words[2].partition("/")
        protocol = Protocol.ICMP if source.version == 4 else Protocol.ICMPV6
        target, ports = words[3], (0, int(kind) * 256 + int(code or 0))
    return Packet(
        Family(source.version), protocol, int(source), int(ipaddress.ip_address(target)), *ports
    )


def fate(made, text, entry="forward", state=ConnectionState.NEW, conditions=(), **interfaces):
    """What becomes of a packet: the word of the action."""
    around = Circumstances(state=state, conditions=dict.fromkeys(conditions, True), **interfaces)
    return walk(Prepared(made), made.entry(entry), packet(text), around).action.value

"""One policy rule as one nftables rule.

Rules that differ in nothing but the family, or in ``established`` and ``related``, become
one line; since every rule allows, folding them does not change what is allowed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from callgate.dialects.nftables.sets import Sets
from callgate.dialects.placement import Hook, is_all
from callgate.dialects.wording import plain, reason
from callgate.errors import UnsupportedError
from callgate.flows import Family, Network, PortRange, Protocol
from callgate.flows.axes import PORTED
from callgate.policy.model import Domains, Networks, Rule, State

#: Longest comment that the kernel keeps (NFTNL_UDATA_COMMENT_MAXLEN), in bytes.
COMMENT_MAX: Final = 128
_IP: Final = {Family.V4: "ip", Family.V6: "ip6"}
_ICMP_NAMES: Final = {
    Protocol.ICMP: {3: "destination-unreachable", 11: "time-exceeded", 12: "parameter-problem"},
    Protocol.ICMPV6: {
        1: "destination-unreachable",
        2: "packet-too-big",
        3: "time-exceeded",
        4: "parameter-problem",
        130: "mld-listener-query",
        133: "nd-router-solicit",
        134: "nd-router-advert",
        135: "nd-neighbor-solicit",
        136: "nd-neighbor-advert",
        143: "mld2-listener-report",
    },
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A rule before it is written: ``family`` None is both, ``match`` has no state yet."""

    family: Family | None
    match: tuple[str, ...]
    states: tuple[State, ...]
    names_family: bool  # the match itself tells the family
    comment: str
    keeps: str = ""  # what prolongs an address's stay in a set, just before the verdict

    def text(self, table_family: str) -> str:
        """The rule without its comment, for a table of family ``inet``, ``ip`` or ``ip6``."""
        parts = list(self.match)
        if self.family is not None and not self.names_family and table_family == "inet":
            parts.insert(0, f"meta nfproto ipv{self.family.value}")
        if self.states:
            parts.append("ct state " + ",".join(state.value for state in self.states))
        return " ".join([*parts, *filter(None, (self.keeps, "accept"))])


def statements(rules: tuple[Rule, ...], hook: Hook, sets: Sets) -> list[Statement]:
    """The rules of a hook, folded, in order."""
    folded = _folded(_statement(rule, hook, sets) for rule in rules)
    # Folding one pair can make the next pair alike: states first, families then.
    return _folded(folded)


def _folded(found: Iterable[Statement]) -> list[Statement]:
    """The statements, each folded into an earlier one of the same match where that works."""
    folded: list[Statement] = []
    alike: dict[tuple[tuple[str, ...], bool], list[int]] = defaultdict(list)
    for new in found:
        places = alike[new.match, new.names_family]
        for place in places:
            both = _both(folded[place], new)
            if both is not None:
                folded[place] = both
                break
        else:
            places.append(len(folded))
            folded.append(new)
    return folded


def _both(old: Statement, new: Statement) -> Statement | None:
    """One statement for two of the same match; None where it takes both of them."""
    if (old.family, old.states) == (new.family, new.states):
        return old
    if old.family == new.family and _inspected(old) and _inspected(new):
        states = tuple(state for state in State if state in (*old.states, *new.states))
        return replace(old, states=states)
    if old.states == new.states and not new.names_family:
        return replace(old, family=None)
    return None


def _inspected(statement: Statement) -> bool:
    """Whether it is about connections that exist; no state at all is about every packet."""
    return bool(statement.states) and State.NEW not in statement.states


def _statement(rule: Rule, hook: Hook, sets: Sets) -> Statement:
    addresses = _addresses(rule, sets)
    protocol = _protocol(rule)
    match = (*_loopback(rule, hook), *addresses, *protocol)
    stateful = rule.state is not State.NEW or rule.protocol in PORTED
    return Statement(
        rule.family,
        match,
        (rule.state,) if stateful else (),
        bool(addresses or rule.icmp_types),
        plain(reason(rule), COMMENT_MAX),
        _keeps(rule, sets),
    )


def _keeps(rule: Rule, sets: Sets) -> str:
    """An address that is in use must not leave its set while its name stays in a cache."""
    if not isinstance(rule.destination, Domains):
        return ""
    return f"update {sets.learned(rule.family)} {{ {_IP[rule.family]} daddr }}"


def _loopback(rule: Rule, hook: Hook) -> tuple[str, ...]:
    if not rule.loopback:
        return ()
    return ('oifname "lo"',) if hook is Hook.OUTPUT else ('iifname "lo"',)


def _addresses(rule: Rule, sets: Sets) -> tuple[str, ...]:
    found: list[str] = []
    ip = _IP[rule.family]
    if rule.sources is not None and not is_all(rule.sources):
        found.append(f"{ip} saddr {sets.reference(rule.sources, rule.id, rule.family)}")
    if isinstance(rule.destination, Networks) and not is_all(rule.destination.prefixes):
        found.append(f"{ip} daddr {_destination(rule.destination, rule, sets)}")
    elif isinstance(rule.destination, Domains):
        found.append(f"{ip} daddr {sets.learned(rule.family)}")
    return tuple(found)


def _destination(destination: Networks, rule: Rule, sets: Sets) -> str:
    name = destination.label or rule.id
    return sets.reference(destination.prefixes, name, rule.family)


def sources_match(networks: tuple[Network, ...], sets: Sets, family: Family) -> str:
    """``ip saddr @clients_v4`` for networks of one family."""
    return f"{_IP[family]} saddr {sets.reference(networks, 'clients', family)}"


def _protocol(rule: Rule) -> tuple[str, ...]:
    protocol = rule.protocol
    if protocol is None:
        return ()
    if rule.icmp_types:
        names = _ICMP_NAMES[protocol]
        return (f"{protocol} type {_one_or_set([names.get(t, str(t)) for t in rule.icmp_types])}",)
    if rule.ports:
        return (f"{protocol} dport {_ports(rule.ports)}",)
    if protocol is Protocol.ICMPV6:
        return ("meta l4proto ipv6-icmp",)
    return (f"meta l4proto {protocol}",)


def _ports(ports: tuple[PortRange, ...]) -> str:
    spans = PortRange.union(ports)
    return _one_or_set([str(PortRange(low, high)) for low, high in spans])


def _one_or_set(words: list[str]) -> str:
    return words[0] if len(words) == 1 else "{ " + ", ".join(words) + " }"


def check_families(rules: tuple[Rule, ...], table_family: str) -> None:
    """UnsupportedError when a table cannot see a family that the rules speak of."""
    seen = {"ip": Family.V4, "ip6": Family.V6}.get(table_family)
    for rule in rules:
        if seen is not None and rule.family is not seen:
            raise UnsupportedError(
                f"a table of family {table_family} never sees {rule.family}, "
                f"and {rule.id} needs it",
                hint=f"merge into an inet table, or limit the site to {seen}",
            )

"""What each option means that is modelled. Source: iptables(8), iptables-extensions(8).

Every function here takes the reader, whose next words are the option's arguments, and the
option as it was written. A value that only the target can resolve (a host name, a service
that we do not know) becomes a condition; nonsense is a ValueError.
"""

from typing import Final

from callgate.dialects.iptables.reading.draft import Draft, both, both_addresses
from callgate.dialects.iptables.reading.membership import match_set, require
from callgate.dialects.iptables.reading.numbers import UnknownWordError
from callgate.dialects.iptables.reading.rule import Option, RuleReader
from callgate.dialects.iptables.reading.states import flag_drafts, state_drafts
from callgate.flows import Family, IntervalSet
from callgate.rules import Action, Addresses, Interfaces

_HOST: Final = "names are resolved when the rules are loaded; write the address"
_NUMBER: Final = "write the number"
_DYNAMIC: Final = "decided when packets pass; answers depend on it"
_NO_PORT: Final = "no port is meant by this, so the rule never matches"


def _addresses(reader: RuleReader, *, span: bool = False) -> Addresses | None:
    """Read an address; one that cannot be read is a condition."""
    option, text = reader.words[reader.index - 1], reader.argument()
    negated = reader.taken_negation()
    try:
        return reader.values.addresses(text, negated, span=span)
    except ValueError as error:
        reader.condition(f"{option} {text}", negated, f"{error}: {_HOST}")
        return None


def _source(reader: RuleReader, option: str) -> None:
    reader.once(option)
    reader.draft.source = both_addresses(reader.draft.source, _addresses(reader))


def _destination(reader: RuleReader, option: str) -> None:
    reader.once(option)
    reader.draft.destination = both_addresses(reader.draft.destination, _addresses(reader))


def _source_range(reader: RuleReader, option: str) -> None:
    reader.once(option)
    reader.draft.source = both_addresses(reader.draft.source, _addresses(reader, span=True))


def _destination_range(reader: RuleReader, option: str) -> None:
    reader.once(option)
    found = _addresses(reader, span=True)
    reader.draft.destination = both_addresses(reader.draft.destination, found)


def _protocol(reader: RuleReader, option: str) -> None:
    reader.once("-p")
    text = reader.argument()
    negated = reader.taken_negation()
    try:
        found = reader.values.protocols(text, negated)
    except UnknownWordError as error:
        reader.condition(f"{option} {text}", negated, f"{error}; {_NUMBER}")
        return
    reader.protocol = found
    reader.draft.protocol = both(reader.draft.protocol, found)
    if found is not None and not negated:
        reader.imply(found)


def _interfaces(reader: RuleReader, option: str) -> Interfaces | None:
    reader.once(option)
    text = reader.argument()
    return reader.values.interfaces(text, reader.taken_negation())


def _in_interface(reader: RuleReader, _: str) -> None:
    reader.draft.in_interface = _interfaces(reader, "-i")


def _out_interface(reader: RuleReader, _: str) -> None:
    reader.draft.out_interface = _interfaces(reader, "-o")


def _fragment(reader: RuleReader, _: str) -> None:
    reader.condition("-f", reader.taken_negation(), _DYNAMIC, harmless=True)


def _match(reader: RuleReader, _: str) -> None:
    reader.load(reader.argument())


def _jump(reader: RuleReader, _: str) -> None:
    reader.leave(reader.argument(), Action.JUMP)


def _goto(reader: RuleReader, _: str) -> None:
    reader.leave(reader.argument(), Action.GOTO)


def _counters(reader: RuleReader, _: str) -> None:
    for _count in range(2):
        reader.argument()


def _only_v4(reader: RuleReader, _: str) -> None:
    reader.family = Family.V4


def _only_v6(reader: RuleReader, _: str) -> None:
    reader.family = Family.V6


def _ignored(reader: RuleReader, _: str) -> None:
    reader.argument()


def _ports(reader: RuleReader, option: str) -> IntervalSet | None:
    """Read ports; a service that we do not know is a condition."""
    reader.once(option)
    text = reader.argument()
    negated = reader.taken_negation()
    try:
        found = reader.values.ports(text, negated)
    except UnknownWordError as error:
        reader.condition(f"{option} {text}", negated, f"{error}; {_NUMBER}")
        return None
    if found is not None and not found:
        reader.problem(reader.index - 1, f"{option} {text}", _NO_PORT)
    return found


def _source_ports(reader: RuleReader, option: str) -> None:
    reader.draft.source_port = both(reader.draft.source_port, _ports(reader, option))


def _destination_ports(reader: RuleReader, option: str) -> None:
    reader.draft.destination_port = both(reader.draft.destination_port, _ports(reader, option))


def _either_ports(reader: RuleReader, option: str) -> None:
    """``multiport --ports``: the port of one side; negated, of neither."""
    negated = reader.negated or reader.words[reader.index : reader.index + 1] == ["!"]
    found = _ports(reader, option)
    if found is None:
        return
    if negated:
        require(reader, [Draft(source_port=found, destination_port=found)], option)
        return
    rest = IntervalSet(((0, 65535),)) - found
    alternatives = [Draft(source_port=found), Draft(source_port=rest, destination_port=found)]
    require(reader, alternatives, option)


def _tcp_flags(reader: RuleReader, option: str) -> None:
    mask = reader.argument()
    flags = reader.argument()
    negated = reader.taken_negation()
    _tested_flags(reader, flag_drafts(mask, flags, negated), f"{option} {mask} {flags}")


def _syn(reader: RuleReader, option: str) -> None:
    negated = reader.taken_negation()
    _tested_flags(reader, flag_drafts("FIN,SYN,RST,ACK", "SYN", negated), option)


def _tested_flags(reader: RuleReader, drafts: list[Draft], text: str) -> None:
    reader.once("--tcp-flags")
    require(reader, drafts, text)
    if any(draft.literals for draft in drafts):
        reader.problem(reader.index - 1, text, _DYNAMIC, harmless=True)


def _icmp(reader: RuleReader, option: str) -> None:
    text = reader.argument()
    negated = reader.taken_negation()
    family = Family.V6 if option == "--icmpv6-type" else Family.V4
    try:
        found = reader.values.icmp(text, negated, family)
    except UnknownWordError as error:
        reader.condition(f"{option} {text}", negated, f"{error}; {_NUMBER}")
        return
    reader.draft.destination_port = both(reader.draft.destination_port, found)


def _state(reader: RuleReader, option: str) -> None:
    text = reader.argument()
    negated = reader.taken_negation()
    forks, translated = state_drafts(text, negated)
    if reader.table == "raw":
        reader.condition(
            f"{option} {text}", negated, "connection tracking comes after the raw table"
        )
        return
    for alternatives in forks:
        require(reader, alternatives, f"{option} {text}")
    if translated:
        reader.problem(reader.index - 1, f"{option} {text}", _DYNAMIC, harmless=True)


_ALWAYS: Final = frozenset[str]()
_PORTED: Final = frozenset({"tcp", "udp", "udplite", "sctp", "dccp"})
_MULTIPORT: Final = frozenset({"multiport", "mport"})
_CONNTRACK: Final = frozenset({"state", "conntrack"})

#: Option -> what it does, and the modules of which one must be loaded.
OPTIONS: Final[dict[str, tuple[Option, frozenset[str]]]] = {
    **dict.fromkeys(("-s", "--source", "--src"), (_source, _ALWAYS)),
    **dict.fromkeys(("-d", "--destination", "--dst"), (_destination, _ALWAYS)),
    **dict.fromkeys(("-p", "--protocol", "--proto"), (_protocol, _ALWAYS)),
    **dict.fromkeys(("-i", "--in-interface"), (_in_interface, _ALWAYS)),
    **dict.fromkeys(("-o", "--out-interface"), (_out_interface, _ALWAYS)),
    **dict.fromkeys(("-f", "--fragment"), (_fragment, _ALWAYS)),
    **dict.fromkeys(("-m", "--match"), (_match, _ALWAYS)),
    **dict.fromkeys(("-j", "--jump"), (_jump, _ALWAYS)),
    **dict.fromkeys(("-g", "--goto"), (_goto, _ALWAYS)),
    **dict.fromkeys(("-c", "--set-counters"), (_counters, _ALWAYS)),
    **dict.fromkeys(("-4", "--ipv4"), (_only_v4, _ALWAYS)),
    **dict.fromkeys(("-6", "--ipv6"), (_only_v6, _ALWAYS)),
    **dict.fromkeys(("--sport", "--source-port"), (_source_ports, _PORTED)),
    **dict.fromkeys(("--dport", "--destination-port"), (_destination_ports, _PORTED)),
    **dict.fromkeys(("--sports", "--source-ports"), (_source_ports, _MULTIPORT)),
    **dict.fromkeys(("--dports", "--destination-ports"), (_destination_ports, _MULTIPORT)),
    "--ports": (_either_ports, _MULTIPORT),
    "--tcp-flags": (_tcp_flags, frozenset({"tcp"})),
    "--syn": (_syn, frozenset({"tcp"})),
    "--icmp-type": (_icmp, frozenset({"icmp"})),
    "--icmpv6-type": (_icmp, frozenset({"icmp6"})),
    "--state": (_state, _CONNTRACK),
    "--ctstate": (_state, _CONNTRACK),
    "--src-range": (_source_range, frozenset({"iprange"})),
    "--dst-range": (_destination_range, frozenset({"iprange"})),
    "--comment": (_ignored, frozenset({"comment"})),
    "--nfacct-name": (_ignored, frozenset({"nfacct"})),
    "--match-set": (match_set, frozenset({"set"})),
}  # fmt: skip

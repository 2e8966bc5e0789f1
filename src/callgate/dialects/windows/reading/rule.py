"""One rule of the firewall, wherever its fields came from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from callgate.dialects.windows.reading import fields
from callgate.flows import Family, IntervalSet, Protocol
from callgate.flows.axes import PORTED, TYPED
from callgate.places import Place
from callgate.rules import (
    BOTH_FAMILIES,
    Action,
    Addresses,
    Condition,
    Interfaces,
    Literal,
    Match,
    Rule,
    Unmodelled,
)

#: Fields that are a condition unless they say "Any"; what each means when it is left out.
_CONDITIONS: Final = (
    "Program", "Package", "Service", "InterfaceType", "Authentication", "Encryption",
    "LocalUser", "RemoteUser", "RemoteMachine", "DynamicTarget",
)  # fmt: skip
_EVERY: Final = frozenset({"any", "0", ""})
_OPEN: Final = frozenset({"", "any", "notrequired", "none"})
_SILENT: Final = frozenset(
    {"Name", "DisplayName", "Description", "Group", "Enabled", "Direction", "Action", "Profile"}
    | {"Protocol", "LocalPort", "RemotePort", "IcmpType", "LocalAddress", "RemoteAddress"}
    | {"InterfaceAlias", "OverrideBlockRules", "PolicyStoreSource", "PolicyStoreSourceType"}
    | {"EdgeTraversalPolicy", "LooseSourceMapping", "LocalOnlyMapping", "Owner", "PolicyStore"}
    | {"DisplayGroup", "PrimaryStatus", "Status", "GPOSession", "CimSession", "ThrottleLimit"}
    | {"Platform", "Platforms", "ID", "InstanceID", "ElementName"}
)
_PROTOCOLS: Final = {
    "tcp": Protocol.TCP, "udp": Protocol.UDP, "icmpv4": Protocol.ICMP, "icmp": Protocol.ICMP,
    "icmpv6": Protocol.ICMPV6,
}  # fmt: skip
_FAMILIES: Final[dict[int | None, frozenset[Family]]] = {
    Protocol.ICMP: frozenset({Family.V4}),
    Protocol.ICMPV6: frozenset({Family.V6}),
}
_Numbers = tuple[IntervalSet | None, tuple[Literal, ...]]
_Service = tuple[IntervalSet | None, IntervalSet | None, tuple[Literal, ...]]
PROFILES: Final = ("domain", "private", "public")


@dataclass
class Draft:
    """A rule while it is read: its fields as lists of words, by their documented names."""

    values: Mapping[str, list[str]]
    place: Place
    text: str
    unmodelled: list[Unmodelled] = field(default_factory=list)

    @property
    def outbound(self) -> bool | None:
        """Whether it is about what the host sends; None when it does not say."""
        words = {"outbound": True, "inbound": False, "2": True, "1": False}
        return words.get(self._word("Direction"))

    @property
    def action(self) -> Action | None:
        """What it does; None for what is no action."""
        words = {"allow": Action.ACCEPT, "block": Action.DROP, "": Action.ACCEPT}
        return {**words, "2": Action.ACCEPT, "4": Action.DROP}.get(self._word("Action"))

    @property
    def overrides(self) -> bool:
        """Whether it is asked before every block."""
        return self._word("OverrideBlockRules") == "true"

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that it holds in."""
        words = {each.lower() for each in self._words("Profile")}
        return frozenset(words) if words and not words & _EVERY else frozenset(PROFILES)

    def rules(self) -> list[Rule]:
        """It as rules of a list: one for each pair of family and service."""
        action = self.action
        if action is None:
            unsure = self._condition(self.text, "not an action: Allow or Block")
            return [self._rule(Action.UNMODELLED, Match(conditions=(unsure,)))]
        conditions = tuple(self._conditions())
        return [self._rule(action, match) for match in self._matches(conditions)]

    def _rule(self, action: Action, match: Match) -> Rule:
        enabled = self._word("Enabled") in {"true", "1", ""}
        return Rule(action, match, self.place, self.text, "", enabled)

    def _word(self, name: str) -> str:
        found = self.values.get(name, [])
        return found[0].strip().lower() if len(found) == 1 else ""

    def _matches(self, conditions: tuple[Literal, ...]) -> Iterator[Match]:
        """Local is the source of what goes out, and the destination of what comes in."""
        protocol = self._protocol()
        services = self._services(protocol.number)
        interfaces = self._interfaces()
        for (mine, one), (theirs, two) in product(
            self._ends("LocalAddress"), self._ends("RemoteAddress")
        ):
            families = (
                _families(mine) & _families(theirs) & _FAMILIES.get(protocol.number, BOTH_FAMILIES)
            )
            if not families:
                continue
            source, target = (mine, theirs) if self.outbound else (theirs, mine)
            for sending, receiving, three in services:
                yield Match(
                    families,
                    protocol.interval,
                    source,
                    target,
                    sending,
                    receiving,
                    in_interface=None if self.outbound else interfaces,
                    out_interface=interfaces if self.outbound else None,
                    conditions=(*conditions, *protocol.literals, *one, *two, *three),
                )

    def _interfaces(self) -> Interfaces | None:
        names = [each for each in self._words("InterfaceAlias") if each.lower() not in _OPEN]
        return Interfaces(tuple(names)) if names else None

    def _protocol(self) -> fields.Number:
        word = self._word("Protocol")
        if word in _OPEN:
            return fields.Number()
        number: int | None = _PROTOCOLS.get(word)
        if number is None and word.isascii() and word.isdigit() and int(word[:4]) <= 255:
            number = int(word)
        if number is None:
            return fields.Number(None, (self._condition(f"protocol {word}", "not a protocol"),))
        return fields.Number(number)

    def _services(self, protocol: int | None) -> list[_Service]:
        """Sending port, receiving port (or ICMP type and code), and what they hang on."""
        if protocol in TYPED:
            return [(None, kinds, literals) for kinds, literals in self._icmp_types()]
        ports = product(self._ports("LocalPort"), self._ports("RemotePort"))
        found: list[_Service] = []
        for (mine, one), (theirs, two) in ports:
            sending, receiving = (mine, theirs) if self.outbound else (theirs, mine)
            literals = (*one, *two)
            if protocol in PORTED:
                found.append((sending, receiving, literals))
            elif sending is None and receiving is None:
                found.append((None, None, literals))
            else:
                text = "ports of a protocol that has none"
                found.append((None, None, (*literals, self._condition(text, self.text))))
        return found

    def _icmp_types(self) -> list[_Numbers]:
        return self._split("IcmpType", fields.icmp_types, "not an ICMP type and code")

    def _ports(self, name: str) -> list[_Numbers]:
        return self._split(name, fields.ports, "the machine alone knows which ports these are")

    def _split(
        self, name: str, read: Callable[[list[str]], tuple[IntervalSet, list[str]]], hint: str
    ) -> list[_Numbers]:
        """What is known of a field, and each word that is not, under a condition."""
        words = self._words(name)
        if not words or any(each.lower() in _OPEN for each in words):
            return [(None, ())]
        known, strange = read(words)
        found: list[_Numbers] = [(known, ())] if known else []
        conditions = [self._condition(f"{name} is {each}", hint) for each in strange]
        return found + [(None, (each,)) for each in conditions]

    def _ends(self, name: str) -> list[tuple[Addresses | None, tuple[Literal, ...]]]:
        """The addresses of one end; a keyword is an end of its own, under a condition."""
        words = self._words(name)
        if not words or any(each.lower() in _OPEN for each in words):
            return [(None, ())]
        known, strange = fields.addresses(words)
        hint = "the machine alone knows which addresses these are"
        conditions = [self._condition(f"{name} is {each}", hint) for each in strange]
        found: list[tuple[Addresses | None, tuple[Literal, ...]]] = [(known, ())] if known else []
        return found + [(None, (each,)) for each in conditions]

    def _words(self, name: str) -> list[str]:
        return [each.strip() for text in self.values.get(name, []) for each in text.split(",")]

    def _conditions(self) -> Iterator[Literal]:
        for name in _CONDITIONS:
            words = [each for each in self.values.get(name, []) if each.lower() not in _OPEN]
            if words:
                text = f"{name} is {', '.join(words)}"
                yield self._condition(text, "known on the machine only")
        for name, words in self.values.items():
            if name not in _SILENT and name not in _CONDITIONS:
                yield self._condition(f"{name} is {', '.join(words)}", f"unknown field {name!r}")

    def _condition(self, text: str, hint: str) -> Literal:
        self.unmodelled.append(Unmodelled(text, self.place, hint))
        return Literal(Condition(text, self.place))


def _families(addresses: Addresses | None) -> frozenset[Family]:
    if addresses is None:
        return BOTH_FAMILIES
    return frozenset(family for family in Family if addresses.family(family))

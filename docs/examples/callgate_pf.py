"""A dialect in an afternoon: rules for OpenBSD's pf, written and read.

``pass quick`` rules for an anchor on a router without NAT. Read are filter rules in one
line each, without macros; everything else is reported with its place.

pf: the *last* rule that matches decides, unless an earlier one says ``quick``. So a list of
pf is a first-match list of its quick rules, then of the others from the last to the first.
Source: pf.conf(5) of OpenBSD.
"""

import re
from itertools import product

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.placement import refuse_domains
from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.wording import header, plain, reason
from callgate.errors import InputError, Mistake, UnsupportedError
from callgate.flows import Family, IntervalSet, PortRange, Protocol
from callgate.flows.prefixes import parse_network
from callgate.places import Place
from callgate.policy.model import Anywhere, Policy, Rule, State
from callgate.policy.site import Apply, On
from callgate.rules import (
    Action,
    Addresses,
    Chain,
    Condition,
    Entry,
    Literal,
    Match,
    Ruleset,
    Unmodelled,
)
from callgate.rules import Rule as ReadRule

FAMILIES = {Family.V4: "inet", Family.V6: "inet6"}
PROTOCOLS = {Protocol.TCP: "tcp", Protocol.UDP: "udp"}


class Pf:
    """What ``--dialect pf`` writes."""

    name = "pf"
    title = "pf (OpenBSD)"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = ()
    capabilities = Capabilities(
        ipv6=True, port_ranges=True, stateful=True, domains="no", groups=False, name_limit=None,
        name_charset="-", comments="# to the end of the line", logging=True,
        default_action="pass; a block is a rule", order="last match, or first with quick",
        merge="load into an anchor of the site's ruleset", source="pf.conf(5)",
    )  # fmt: skip

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """One file, to be loaded with ``pfctl -a callgate -f callgate.pf``."""
        refuse_domains(policy, self.title)
        if policy.on is not On.ROUTER or policy.apply is not Apply.STANDALONE:
            raise UnsupportedError("pf: only a router's complete rules are written")
        lines = header(policy, "pf rules")
        # A pass rule keeps state by itself: answers and ICMP errors need no rule.
        lines += [line for rule in policy.rules if rule.state is State.NEW for line in _pass(rule)]
        if policy.block is not None:
            lines.append("block return quick all")
        text = "\n".join(lines) + "\n"
        return (Artifact("callgate.pf", text, "pf rules for an anchor"),)


def _pass(rule: Rule) -> list[str]:
    if rule.protocol not in PROTOCOLS:
        raise UnsupportedError(f"pf: {rule.id} is not written by this example")
    sources = ["any"] if rule.sources is None else [str(each) for each in rule.sources]
    anywhere = isinstance(rule.destination, Anywhere)
    targets = ["any"] if anywhere else [str(each) for each in rule.destination.prefixes]
    return [f"# {plain(reason(rule), 100)}"] + [
        f"pass quick {FAMILIES[rule.family]} proto {PROTOCOLS[rule.protocol]} "
        f"from {source} to {target} port {port.low}:{port.high}"
        for source, target, port in product(sources, targets, rule.ports)
    ]


RULE = re.compile(
    r"(?P<action>pass|block(?: drop| return)?)(?P<log> log)?(?P<quick> quick)?"
    r"(?: (?P<family>inet6?))?(?: proto (?P<protocol>tcp|udp))?"
    r"(?: all| from (?P<source>\S+) to (?P<target>\S+)(?: port (?P<ports>\d+(?::\d+)?))?)"
)
#: Lines that filter nothing.
SETTINGS = ("set ",)


class PfReader:
    """What ``--dialect pf`` reads."""

    name = "pf"
    title = "pf (OpenBSD)"

    def detect(self, text: str) -> bool:
        """Whether some line is a rule that only pf would write."""
        rules = (RULE.fullmatch(line.strip()) for line in text.splitlines())
        return any(each and (each["quick"] or each["family"]) for each in rules)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """Every rule in first-match order; what is not read is a condition with its place."""
        quick, others, strange = [], [], []
        for number, line in enumerate(text.splitlines(), 1):
            words = line.partition("#")[0].strip()
            if not words or words.startswith(SETTINGS):
                continue
            place = Place(source, number, 1)
            found = RULE.fullmatch(words)
            if found is None:
                strange.append(Unmodelled(words, place, "this example does not read it"))
                unsure = Match(conditions=(Literal(Condition(words, place)),))
                quick.append(ReadRule(Action.UNMODELLED, unsure, place, words))
                continue
            (quick if found["quick"] else others).append(_rule(found, words, place))
        if not quick + others:
            raise InputError([Mistake(Place(source), "there is no rule here")])
        default = "pass: pf's own default"
        chain = Chain("pf", (*quick, *others[::-1]), Action.ACCEPT, default_text=default)
        entry = Entry("forward", ("pf",))
        return Ruleset(
            self.name, source, {"pf": chain}, (entry,), unmodelled=tuple(strange), stateful=True
        )


def _rule(found: re.Match[str], words: str, place: Place) -> ReadRule:
    protocol = {"tcp": Protocol.TCP, "udp": Protocol.UDP}.get(found["protocol"])
    try:
        if found["ports"] and protocol is None:
            raise ValueError("a port without proto tcp or udp")
        match = Match(
            frozenset({Family.V6 if found["family"] == "inet6" else Family.V4})
            if found["family"]
            else frozenset(Family),
            None if protocol is None else IntervalSet.points((protocol,)),
            _addresses(found["source"]),
            _addresses(found["target"]),
            destination_port=_ports(found["ports"]),
        )
    except ValueError as error:
        raise InputError([Mistake(place, str(error))]) from None
    action = {"pass": Action.ACCEPT, "block return": Action.REJECT}.get(found["action"])
    return ReadRule(action or Action.DROP, match, place, words)


def _addresses(word: str | None) -> Addresses | None:
    return None if word in (None, "any") else Addresses.of([parse_network(word)])


def _ports(word: str | None) -> IntervalSet | None:
    return None if word is None else PortRange.union((PortRange.parse(word.replace(":", "-")),))

"""Juniper SRX as a dialect: policies between two zones."""

import re
from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.juniper_srx.writing import NAME_MAX, Book, allow, block, digest
from callgate.dialects.options import chosen, named
from callgate.dialects.placement import refuse_domains
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.flows.axes import PORTED
from callgate.policy.model import Policy, Rule, State
from callgate.policy.site import Apply, On

_HOW: Final = (
    "`load set terminal`, paste, `show | compare`, `commit confirmed 5`, then `commit`; back with"
    " rollback.srx"
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


class Srx:
    """Policies, address book entries and applications for Junos on SRX."""

    name = "juniper-srx"
    title = "Juniper SRX (Junos)"
    filters = True
    sides: frozenset[str] = frozenset({"inside", "outside", "before"})
    options: tuple[Option, ...] = (
        Option("address-book", "The address book that both zones see", default="global"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no: a dns-name holds one exact name, never a wildcard",
        groups=True,
        name_limit=NAME_MAX,
        name_charset="A-Z a-z 0-9 . _ -",
        comments="a description per policy",
        logging=True,
        default_action="default-policy, deny-all unless it says otherwise",
        order="first match within a pair of zones, then global policies",
        merge="policies of the zone pair, inserted before the one that --before names",
        source="Junos OS: Security Policies User Guide; CLI Reference",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.srx`` and ``rollback.srx``.

        Raises UnsupportedError for domains and for a host; UsageError without the two zones,
        and in a merge without the policy to go before.
        """
        refuse_domains(policy, self.title)
        if policy.on is not On.ROUTER:
            raise UnsupportedError("an SRX filters what it forwards", hint="--on router")
        zones = [named(self, policy.target, side, "zone", _NAME) for side in ("inside", "outside")]
        book = Book(self._book(policy))
        bodies = [allow(rule, book) for rule in _written(policy)]
        if policy.block is not None:
            families = tuple(Family) if policy.apply is Apply.STANDALONE else policy.families
            bodies.append(block(policy.block, families, book))
        mark = digest(line for body in bodies for line in body)
        names = [f"callgate-{mark}-{number:02}" for number in range(1, len(bodies) + 1)]
        where = f"security policies from-zone {zones[0]} to-zone {zones[1]}"
        made = [
            f"set {where} policy {name} {line}"
            for name, body in zip(names, bodies, strict=True)
            for line in body
        ]
        if policy.apply is Apply.MERGE:
            before = named(self, policy.target, "before", "policy", _NAME)
            made += [f"insert {where} policy {name} before policy {before}" for name in names]
        head = header(policy, f"{self.title} policies", how=_HOW)
        back = [f"delete {where} policy {name}" for name in names]
        return (
            Artifact(
                "callgate.srx", _joined([*head, *book.commands(), *made]), "objects and policies"
            ),
            Artifact(
                "rollback.srx",
                _joined([*head, *back, *book.removal()]),
                "takes them back",
                rollback=True,
            ),
        )

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """``set`` commands; the zones are the device's."""
        del on
        book = Book("global")
        bodies = [allow(rule, book) for rule in rules if rule.protocol in PORTED]
        where = "security policies from-zone INSIDE to-zone OUTSIDE policy"
        lines = [
            f"set {where} callgate-{number:02} {line}"
            for number, body in enumerate(bodies, 1)
            for line in body
        ]
        return (*book.commands(), *lines)

    def _book(self, policy: Policy) -> str:
        name = chosen(self, policy.target)["address-book"]
        if not _NAME.fullmatch(name):
            raise UsageError(f"option address-book: {name!r} cannot be the name of a book")
        return name


def _written(policy: Policy) -> tuple[Rule, ...]:
    """First packets with ports; answers and their errors pass by the session table."""
    return tuple(
        rule for rule in policy.rules if rule.state is State.NEW and rule.protocol in PORTED
    )


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

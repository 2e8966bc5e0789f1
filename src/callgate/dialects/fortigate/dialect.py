"""FortiGate as a dialect: policies between two interfaces or zones."""

import re
from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.fortigate.writing import NAME_MAX, Objects, Sides, allow, block, digest
from callgate.dialects.options import chosen, named
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.flows.axes import PORTED
from callgate.policy.model import Domains, Policy, Rule, State
from callgate.policy.site import Apply, On
from callgate.policy.site import Final as FinalAction

_HOW: Final = "paste into the CLI, or execute batch; back with rollback.fortigate"
_INTERFACE: Final = re.compile(r"[A-Za-z0-9 ._/-]{1,35}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,9}")
#: Policy numbers go up to this.
_ID_MAX: Final = 4294967294


class Fortigate:
    """Policies for FortiOS 6.4 and newer, where one table holds both families."""

    name = "fortigate"
    title = "FortiGate (FortiOS)"
    filters = True
    sides: frozenset[str] = frozenset({"inside", "outside", "before"})
    options: tuple[Option, ...] = (
        Option(
            "highest-id",
            "The highest number in `show firewall policy`, 0 for none: `edit 0` takes the next"
            " ones, and moving and the roll-back must name them",
        ),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="exact, and wildcards that the device learns from DNS; apex unconfirmed",
        groups=True,
        name_limit=NAME_MAX,
        name_charset="A-Z a-z 0-9 . _ - and spaces",
        comments="per policy",
        logging=True,
        default_action="implicit deny; it does not answer",
        order="first match, in the order of the table",
        merge="edit 0, then move before the policy that --before names",
        source="FortiOS CLI Reference: config firewall policy",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.fortigate`` and ``rollback.fortigate``.

        Raises UnsupportedError for a host; UsageError without the two interfaces, without the
        highest number in use, and in a merge without the policy to go before.
        """
        if policy.on is not On.ROUTER:
            raise UnsupportedError("a FortiGate filters what it forwards", hint="--on router")
        inside, outside = (
            named(self, policy.target, side, "interface or zone", _INTERFACE)
            for side in ("inside", "outside")
        )
        objects, sides = Objects(), Sides(inside, outside)
        bodies = [allow(rule, sides, objects) for rule in _written(policy)]
        if policy.block is not None:
            families = tuple(Family) if policy.apply is Apply.STANDALONE else policy.families
            bodies.append(block(policy.block, sides, families, objects))
        first = self._first(policy)
        numbers = list(range(first, first + len(bodies)))
        head = header(policy, f"{self.title} policies", how=_HOW)
        note = _excess_note(policy)
        said = [f"# Excess:    {note}"] if note else []
        text = [*head, *said, *objects.commands(), *self._policies(policy, bodies, numbers)]
        back = ["config firewall policy", *(f"    delete {each}" for each in numbers), "end"]
        return (
            Artifact("callgate.fortigate", _joined(text), "objects and policies", excess_note=note),
            Artifact(
                "rollback.fortigate",
                _joined([*head, *back, *objects.removal()]),
                "takes them back",
                rollback=True,
            ),
        )

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """The ``set`` lines of a policy; interfaces are the device's, and objects come first."""
        del on
        objects = Objects()
        lines = [
            line
            for rule in rules
            if rule.protocol in PORTED
            for line in (
                "edit 0",
                *(f"    {each}" for each in allow(rule, Sides("INSIDE", "OUTSIDE"), objects)),
                "next",
            )
        ]
        return (*objects.commands(), "config firewall policy", *lines, "end") if lines else ()

    def _first(self, policy: Policy) -> int:
        text = chosen(self, policy.target)["highest-id"]
        if not _NUMBER.fullmatch(text) or int(text) > _ID_MAX:
            raise UsageError(
                "the highest number of a policy on the device must be known",
                hint="--option highest-id=N, from `show firewall policy | grep edit`; 0 for none",
            )
        return int(text) + 1

    def _policies(self, policy: Policy, bodies: list[list[str]], numbers: list[int]) -> list[str]:
        """One ``edit 0`` after the other, and their way to the front."""
        mark = digest(line for body in bodies for line in body)
        lines = ["config firewall policy"]
        for count, body in enumerate(bodies, 1):
            lines += [
                "    edit 0",
                f'        set name "callgate-{mark}-{count:02}"',
                *(f"        {line}" for line in body),
                "    next",
            ]
        if policy.apply is Apply.MERGE:
            before = named(self, policy.target, "before", "policy number", _NUMBER)
            lines += [f"    move {each} before {before}" for each in numbers]
        return [*lines, "end"]


def _written(policy: Policy) -> tuple[Rule, ...]:
    """First packets with ports; answers and their errors pass by the session table."""
    return tuple(
        rule for rule in policy.rules if rule.state is State.NEW and rule.protocol in PORTED
    )


def _excess_note(policy: Policy) -> str:
    found = []
    if any(isinstance(rule.destination, Domains) for rule in policy.rules):
        found.append(
            "a wildcard FQDN may take the apex too, and its addresses, which the device learns from"
            " the clients' DNS, may serve other names"
        )
    if policy.block is not None and policy.block.action is FinalAction.REJECT:
        found.append("a denied packet is dropped without an answer")
    return "; ".join(found)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

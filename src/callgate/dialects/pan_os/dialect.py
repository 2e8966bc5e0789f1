"""PAN-OS as a dialect: security rules between two zones."""

import re
from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.options import chosen, named
from callgate.dialects.pan_os.settings import (
    Name,
    Path,
    Setting,
    command,
    commands,
    comment,
    document,
)
from callgate.dialects.pan_os.writing import NAME_MAX, Body, Objects, Sides, allow, block, digest
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.flows.axes import PORTED
from callgate.policy.model import Domains, Policy, Rule, State
from callgate.policy.site import Apply, On

_HOW: Final = {
    "set": "`set cli scripting-mode on`, `configure`, paste, `validate full`, `commit`; back with"
    " rollback.panos",
    "xml": "import it, `load config partial mode merge from-xpath ... from callgate.xml`,"
    " `validate full`, `commit`; back with rollback.panos",
}
_ZONE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._-]{0,30}")
_RULE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._-]{0,62}")
_APPLICATION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}")
_NOTE: Final = (
    "the addresses of an FQDN object are those that the firewall itself looks up; they may serve"
    " other names"
)


class PanOs:
    """Security rules, address and service objects for PAN-OS 8.1 and newer, and Panorama."""

    name = "pan-os"
    title = "Palo Alto Networks PAN-OS"
    filters = True
    sides: frozenset[str] = frozenset({"inside", "outside", "before"})
    options: tuple[Option, ...] = (
        Option("form", "Commands to paste, or XML to load", ("set", "xml"), "set"),
        Option(
            "application",
            "The applications (App-ID) that the rules are for, with commas; by default the ports"
            " decide",
            default="any",
        ),
        Option("vsys", "The virtual system, where the firewall has several"),
        Option("device-group", "The device group, where Panorama has the rules (its pre-rules)"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="exact names, which the firewall looks up; no wildcards (pan-edl has them)",
        groups=True,
        name_limit=NAME_MAX,
        name_charset="A-Z a-z 0-9 . _ - and spaces",
        comments="a description per rule",
        logging=True,
        default_action="deny between zones, allow within one; both can be overridden",
        order="first match: pre-rules, local rules, post-rules, default rules",
        merge="own rules, moved before the rule that --before names",
        source="PAN-OS Administrator's Guide: Security Policy; PAN-OS CLI Quick Start",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.panos`` or ``callgate.xml``, and ``rollback.panos``.

        Raises UnsupportedError for a host, for wildcards of names and for a merge as XML;
        UsageError without the two zones, and in a merge without the rule to go before.
        """
        if policy.on is not On.ROUTER:
            raise UnsupportedError("a PAN-OS firewall filters what it forwards", hint="--on router")
        told = chosen(self, policy.target)
        inside, outside = (
            named(self, policy.target, side, "zone", _ZONE) for side in ("inside", "outside")
        )
        objects = Objects()
        bodies = _bodies(policy, Sides(inside, outside), _applications(told), objects)
        mark = digest(line for body in bodies for line in body)
        home, base = _home(told)
        rules = {
            (*home, base, "security", "rules", Name(f"callgate-{mark}-{count:02}")): body
            for count, body in enumerate(bodies, 1)
        }
        made = [*objects.settings(home), *_settings(rules)]
        moves = self._moves(policy, list(rules), told["form"])
        note = _NOTE if any(isinstance(rule.destination, Domains) for rule in policy.rules) else ""
        head = header(policy, f"{self.title} rules", how=_HOW[told["form"]])
        head += [f"# Excess:    {note}"] if note else []
        back = [command("delete", path) for path in (*rules, *objects.paths(home))]
        if told["form"] == "xml":
            name, text = "callgate.xml", [*comment(head), *document(made)]
        else:
            name, text = "callgate.panos", [*head, *commands(made), *moves]
        return (
            Artifact(name, _joined(text), "objects and rules", excess_note=note),
            Artifact("rollback.panos", _joined([*head, *back]), "takes them back", rollback=True),
        )

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """``set`` commands; the zones are the firewall's."""
        del on
        objects = Objects()
        bodies: dict[Path, Body] = {
            ("rulebase", "security", "rules", Name(f"callgate-{count:02}")): allow(
                rule, Sides("INSIDE", "OUTSIDE"), ("any",), objects
            )
            for count, rule in enumerate((r for r in rules if r.protocol in PORTED), 1)
        }
        return tuple(commands([*objects.settings(()), *_settings(bodies)]))

    def _moves(self, policy: Policy, paths: list[Path], form: str) -> list[str]:
        """In a merge the way of each rule to its place before the site's own rule."""
        if policy.apply is not Apply.MERGE:
            return []
        before = named(self, policy.target, "before", "rule", _RULE)
        if form == "xml":
            raise UnsupportedError(
                "XML that is loaded puts rules behind those that are there",
                hint="--option form=set moves them before yours",
            )
        return [command("move", (*path, "before", before)) for path in paths]


def _bodies(
    policy: Policy, sides: Sides, applications: tuple[str, ...], objects: Objects
) -> list[Body]:
    """First packets with ports, and the last rule; answers pass by the session."""
    found = [
        allow(rule, sides, applications, objects)
        for rule in policy.rules
        if rule.state is State.NEW and rule.protocol in PORTED
    ]
    if policy.block is not None:
        families = tuple(Family) if policy.apply is Apply.STANDALONE else policy.families
        found.append(block(policy.block, sides, families, objects))
    return found


def _settings(rules: dict[Path, Body]) -> list[Setting]:
    return [Setting((*path, key), value) for path, body in rules.items() for key, value in body]


def _applications(told: dict[str, str]) -> tuple[str, ...]:
    """The applications that the user names; UsageError for what cannot be one."""
    found = tuple(word.strip() for word in told["application"].split(","))
    for word in found:
        if not _APPLICATION.fullmatch(word):
            raise UsageError(
                f"option application: {word!r} cannot be the name of an application",
                hint="one or more App-IDs with commas between them, or any",
            )
    return found


def _home(told: dict[str, str]) -> tuple[Path, str]:
    """Where objects stand, and the rulebase there."""
    group, system = told["device-group"], told["vsys"]
    if group and system:
        raise UsageError(
            "options vsys and device-group exclude each other",
            hint="Panorama has device groups, a firewall has virtual systems",
        )
    for option, name in (("device-group", group), ("vsys", system)):
        if name and not _ZONE.fullmatch(name):
            raise UsageError(f"option {option}: {name!r} cannot be its name")
    device: Path = ("devices", Name("localhost.localdomain")) if told["form"] == "xml" else ()
    if group:
        return (*device, "device-group", Name(group)), "pre-rulebase"
    if system or device:
        return (*device, "vsys", Name(system or "vsys1")), "rulebase"
    return (), "rulebase"


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"

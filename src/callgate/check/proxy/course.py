"""What becomes of one request: a plain interpreter of a proxy's configuration.

Inspection by steps follows Squid's SslBump (squid.conf.documented, ``ssl_bump``): the list
is asked at each step, rules whose action is impossible there are passed over, and where no
rule holds the connection is left alone, unless it was stared at. Peeking at the server's
hello rules out opening afterwards, staring rules out leaving it alone.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from callgate.rules.proxy import Act, Inspection, ProxyRule, ProxyRuleset, Request, RuleList
from callgate.rules.proxy.requests import GET
from callgate.rules.proxy.tests import Told
from callgate.verdicts import Line, Step


class Treatment(Enum):
    """What becomes of TLS inside a tunnel."""

    ALONE = "left alone"  # nothing of it is read
    WATCHED = "looked at and left alone"  # its hellos are read, so it must be TLS
    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a request.

    ``passes`` and ``access`` tell whether it gets through and which rule says so.
    ``inspector`` is the rule that decides about TLS, None where nothing looks. ``upgrade``
    and ``strange`` decide inside what was opened, or looked at, where that is asked.
    """

    request: Request
    passes: bool
    access: ProxyRule | None
    treatment: Treatment = Treatment.ALONE
    inspector: ProxyRule | None = None
    upgrade: ProxyRule | None = None
    strange: ProxyRule | None = None
    walk: tuple[Step, ...] = ()

    @property
    def keeps_upgrade(self) -> bool:
        """Whether a WebSocket handshake gets through."""
        opened = self.treatment is Treatment.OPENED
        return not opened or (self.upgrade is not None and self.upgrade.act is Act.ALLOW)

    @property
    def carries_strange(self) -> bool:
        """Whether bytes that are not TLS (TURN by plain TCP) get through.

        Squid tunnels them where ``on_unsupported_protocol`` says so before it comes to deny
        or to close: what it denies under inspection is let through all the same. Nobody
        should rely on that, so that it satisfies no need.
        """
        if self.treatment is Treatment.ALONE:
            return self.passes
        return self.strange is not None and self.strange.act is Act.TUNNEL


def course(ruleset: ProxyRuleset, request: Request, told: Told) -> Course:
    """Lead one request through; ``told`` answers for what it does not tell."""
    return _Walker(ruleset, told).run(request)


#: TLS 1.3 hides the certificate, and then a peeked connection is left alone (seen with 5.7).
_THIRD: Final = "the server answers with TLS 1.2 or older, so that step 3 is asked"
_DENIED: Final = (Act.DENY,)


class _Walker:
    def __init__(self, ruleset: ProxyRuleset, told: Told) -> None:
        self.ruleset = ruleset
        self.told = told
        self.steps: list[Step] = []

    def run(self, request: Request) -> Course:
        """The whole course of a CONNECT."""
        passes, access = self._access(request)
        found = Course(request, passes, access)
        inspection = self.ruleset.inspection
        if inspection is not None and self._looked_into(request):
            if passes:
                found = self._inside(self._inspected(found, inspection), inspection)
            elif inspection.stepwise and inspection.rules.rules:
                # Squid opens TLS to tell the denial inside.
                strange = self._asked(inspection.strange, request)
                found = replace(found, treatment=Treatment.OPENED, strange=strange)
        return replace(found, walk=tuple(self.steps))

    def _access(self, request: Request) -> tuple[bool, ProxyRule | None]:
        rule = None
        for each in self.ruleset.access:
            rule = each.decide(request, self.told)
            self._note(each.title, rule)
            if rule.act in _DENIED:
                return False, rule
        return True, rule

    def _looked_into(self, request: Request) -> bool:
        """Whether the port that the client uses looks into tunnels at all."""
        every = self.ruleset.listeners
        listeners = [each for each in every if each.port == request.listener] or every
        if len({each.inspects for each in listeners}) == 1:
            return listeners[0].inspects
        if not listeners:
            return True
        inspecting = ", ".join(str(each.port) for each in listeners if each.inspects)
        return self.told(f"the client connects to port {inspecting}, which inspects")

    def _inspected(self, so_far: Course, inspection: Inspection) -> Course:
        if not inspection.stepwise:
            return self._decided(so_far, self._ask(inspection, so_far.request, 1), inspection)
        first = self._ask(inspection, so_far.request, 1)
        if first.act not in (Act.PEEK, Act.STARE):
            return self._decided(so_far, first, inspection)
        second = self._ask(inspection, so_far.request, 2)
        if second.act not in (Act.PEEK, Act.STARE):
            return self._decided(so_far, second, inspection, watched=True)
        peeked = second.act is Act.PEEK
        if peeked and not self.told(_THIRD):
            return self._decided(so_far, replace(second, act=Act.SPLICE), inspection, watched=True)
        third = self._ask(inspection, so_far.request, 3, Act.BUMP if peeked else Act.SPLICE)
        if not peeked and not any(third is rule for rule in inspection.rules.rules):
            third = replace(second, act=Act.BUMP)
        return self._decided(so_far, third, inspection, watched=True)

    def _ask(self, inspection: Inspection, request: Request, step: int, *out: Act) -> ProxyRule:
        impossible = (*out, Act.PEEK, Act.STARE) if step == 3 else out
        rule = inspection.rules.decide(replace(request, step=step), self.told, impossible)
        where = f"{inspection.rules.title}, step {step}" if inspection.stepwise else ""
        self._note(where or inspection.rules.title, rule)
        return rule

    def _decided(
        self, so_far: Course, rule: ProxyRule, inspection: Inspection, *, watched: bool = False
    ) -> Course:
        match rule.act:
            case Act.BUMP:
                treatment = Treatment.OPENED
            case Act.TERMINATE:
                treatment = Treatment.CLOSED
            case _:
                treatment = Treatment.WATCHED if watched else Treatment.ALONE
        strange = None
        if watched or treatment is Treatment.OPENED:
            strange = self._asked(inspection.strange, so_far.request)
        return replace(so_far, treatment=treatment, inspector=rule, strange=strange)

    def _inside(self, found: Course, inspection: Inspection) -> Course:
        """What else is asked where TLS is opened: access to the page, and the upgrade."""
        if found.treatment is Treatment.CLOSED:
            return replace(found, passes=False, access=found.inspector)
        if found.treatment is not Treatment.OPENED:
            return found
        inner = replace(found.request, method=GET)
        passes, access = self._access(inner)
        if not passes:
            return replace(found, request=inner, passes=False, access=access)
        return replace(found, upgrade=self._asked(inspection.upgrades, inner))

    def _asked(self, rules: RuleList | None, request: Request) -> ProxyRule | None:
        if rules is None:
            return None
        rule = rules.decide(request, self.told)
        self._note(rules.title, rule)
        return rule

    def _note(self, title: str, rule: ProxyRule) -> None:
        self.steps.append(Step(title, Line(rule.place, rule.text), rule.act.value))

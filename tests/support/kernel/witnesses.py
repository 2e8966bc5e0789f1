"""The packets that ``check`` shows for its answers, ready to be sent."""

from dataclasses import dataclass
from ipaddress import ip_network

from callgate.check import Prepared, Question, excess, sufficiency
from callgate.flows import Family, FlowSet
from callgate.policy.build import build
from callgate.policy.site import Site
from callgate.verdicts import Verdict
from tests.support.kernel.packets import PLAIN, Sent
from tests.support.policies import SCENARIOS, goto

_CLIENTS = ("10.0.0.0/8", "192.0.2.0/24", "2001:db8:1::/64")
_TURN = ("198.51.100.0/24", "2001:db8:7::/48")
#: Where an answer does not care about an interface, any will do.
_ANY = "other"
#: How many open services are looked at for each entry.
_MOST = 20


def needs(scenario):
    """What one of GoTo's scenarios needs at a site in documentation addresses."""
    site = Site(
        name="site",
        families=tuple(Family),
        clients=tuple(map(ip_network, _CLIENTS)),
        networks={"turn-networks": tuple(map(ip_network, _TURN))},
    )
    return build(goto("goto/2.1"), site, (scenario,)).needs()


@dataclass(frozen=True)
class Shown:
    """One packet of an answer, and whether the answer says that it passes."""

    entry: str
    question: str
    passes: bool
    sent: Sent

    def __str__(self):
        return f"{self.entry}, {self.question}: {'passes' if self.passes else 'dies'}: {self.sent}"


@dataclass
class Witnesses:
    """What there is to confirm, and how many pieces of evidence no packet can show.

    Those take an unmodelled condition to hold or not, are in a state of connection
    tracking that such a packet never has, or go by the loopback interface.
    """

    shown: list[Shown]
    beyond: int = 0

    def add(self, entry, question, passes, witness, *, certain):
        """Take in one piece of evidence; ``certain`` if conditions make no difference."""
        sent = _sent(witness, entry.hook, len(self.shown) + 1)
        possible = (
            (certain or not witness.assumptions)
            and witness.state == sent.state.name.lower()
            and sent.packet.protocol in PLAIN
            and "lo" not in (sent.in_interface, sent.out_interface)
        )
        if possible:
            self.shown.append(Shown(entry.name, question, passes, sent))
        else:
            self.beyond += 1


def witnesses(ruleset):
    """Every packet that sufficiency and excess show at the entries for what goes out."""
    prepared = Prepared(ruleset)
    found = Witnesses([])
    for entry in ruleset.entries:
        if entry.hook in ("forward", "output"):
            _of_sufficiency(found, prepared, entry)
            report = excess(prepared, _question(entry), needs("turn-udp"), most=_MOST)
            for service in report.services:
                witness = service.evidence.witness
                found.add(entry, "excess", True, witness, certain=service.certain)
    return found


def _of_sufficiency(found, prepared, entry):
    for scenario in SCENARIOS:
        # One family at a time: an answer about both leads with the worse one.
        for family in sorted(prepared.ruleset.families):
            need = _of_family(needs(scenario), family)
            answer = sufficiency(prepared, _question(entry), need)
            passes = answer.verdict is Verdict.SATISFIED
            certain = answer.verdict in (Verdict.SATISFIED, Verdict.BLOCKED)
            for piece in answer.evidence if answer.verdict is not Verdict.UNKNOWN else ():
                found.add(entry, scenario, passes, piece.witness, certain=certain)


def _question(entry):
    inside = "" if entry.hook == "output" else None
    return Question(entry.name, in_interface=inside)


def _of_family(flows, family):
    return FlowSet.of(*(box for box in flows.boxes() if box.family is family))


def _sent(witness, hook, serial):
    inside = "" if hook == "output" else witness.in_interface or _ANY
    return Sent(witness.packet, serial, inside, witness.out_interface or _ANY)


def unconfirmed(judge, ruleset, load, found):
    """The packets whose fate a kernel does not confirm, and those that cannot be sent."""
    wrong, lost = [], []
    for name in sorted({each.entry for each in found}):
        entry = ruleset.entry(name)
        some = [each for each in found if each.entry == name]
        some.sort(key=lambda each: each.sent.out_interface)
        packets = [each.sent for each in some]
        judge.clear()
        able = judge.deliver(entry.hook, packets)
        lost += [each for each in some if each.sent.key not in able]
        load(judge)
        came = judge.deliver(entry.hook, packets)
        wrong += [each for each in some if (each.sent.key in came) is not each.passes]
    return wrong, lost

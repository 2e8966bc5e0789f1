"""A ruleset on trial: what we predict against what a kernel does, packet by packet."""

from dataclasses import dataclass, field, replace
from itertools import count

from callgate.rules import ConnectionState
from tests.support.kernel.edges import Edges
from tests.support.kernel.packets import Sent, connection, turned
from tests.support.kernel.predict import Forecast


@dataclass
class Tally:
    """The figures of one trial, or of several together."""

    sent: int = 0
    accepted: int = 0
    answers: int = 0
    undecided: int = 0
    unsendable: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other):
        return Tally(
            self.sent + other.sent,
            self.accepted + other.accepted,
            self.answers + other.answers,
            self.undecided + other.undecided,
            self.unsendable + other.unsendable,
            self.wrong + other.wrong,
        )


class Trial:
    """Tries the entries of a ruleset in a judge; ``load`` loads it there."""

    def __init__(self, judge, ruleset, load, rng):
        self.judge, self.ruleset, self.load, self.rng = judge, ruleset, load, rng
        self._serials = count(1)
        self._used = set()
        self._forecasts = {}

    def run(self, size):
        """Try about ``size`` first packets, spread over entries and families, and answers."""
        kinds = [
            (entry, family)
            for entry in self.ruleset.entries
            for family in sorted(self.ruleset.families)
        ]
        chosen = [(*kind, self._chosen(*kind, max(1, size // len(kinds)))) for kind in kinds]
        return self.send(chosen)

    def send(self, chosen):
        """Try packets: triples of an entry, a family and a list of packets."""
        tally = Tally()
        able = [(entry, self._able(tally, entry, packets)) for entry, _, packets in chosen]
        self.load(self.judge)
        for entry, packets in able:
            came = self._judged(tally, entry, packets)
            # What was translated has another connection than the one to answer in.
            self._answers(
                tally, entry, [sent for sent in packets if came.get(sent.key) == sent.ends]
            )
        return tally

    def _able(self, tally, entry, packets):
        """Those that pass where nothing is loaded.

        The others are refused by the kernel itself, and would look as if a rule had
        dropped them.
        """
        self.judge.clear()
        passing = self.judge.deliver(entry.hook, packets)
        tally.unsendable += sum(sent.key not in passing for sent in packets)
        return [sent for sent in packets if sent.key in passing]

    def _judged(self, tally, entry, packets):
        """Deliver what is decided and compare; returns what came."""
        expected = {sent: self._forecast(entry, sent.packet.family)(sent) for sent in packets}
        decided = [sent for sent in packets if expected[sent] is not None]
        tally.undecided += len(packets) - len(decided)
        came = self.judge.deliver(entry.hook, decided)
        for sent in decided:
            passed = sent.key in came
            tally.sent += 1
            tally.accepted += passed
            if passed is not expected[sent]:
                said = "passes" if expected[sent] else "dies"
                tally.wrong.append(f"{self.ruleset.source}: {entry.name}: we say it {said}: {sent}")
        return came

    def _answers(self, tally, entry, passed):
        """Answer what passed, the other way, in the connections that now stand."""
        back = self.ruleset.entry(entry.reply or entry.name)
        answers = [found for sent in passed if (found := self._answer(sent)) is not None]
        answers.sort(key=lambda sent: sent.out_interface)
        before = tally.sent
        self._judged(tally, back, answers)
        tally.answers += tally.sent - before

    def _answer(self, sent):
        packet = turned(sent.packet)
        if packet is None or sent.state is not ConnectionState.NEW:
            return None
        return Sent(packet, next(self._serials), sent.out_interface, sent.in_interface, sent.serial)

    def _chosen(self, entry, family, size):
        """Packets with both fates, half and half where there are both, and their neighbours."""
        forecast = self._forecast(entry, family)
        edges = Edges(forecast, entry.hook, self.rng, self.judge.interfaces)
        found = []
        for number in range(size * 3):
            sent = edges.drawn(number % 2 == 0)
            found += [self._numbered(each) for each in (sent, sent and edges.neighbour(sent))]
            found = [each for each in found if each is not None][:size]
            if len(found) == size:
                break
        return sorted(found, key=lambda each: each.out_interface)

    def _numbered(self, sent):
        """The packet with a serial of its own; None if its connection was used before."""
        if sent is None or connection(sent.packet) in self._used:
            return None
        self._used.add(connection(sent.packet))
        return replace(sent, serial=next(self._serials))

    def _forecast(self, entry, family):
        key = (entry.name, family)
        if key not in self._forecasts:
            self._forecasts[key] = Forecast(self.ruleset, entry.name, family)
        return self._forecasts[key]

"""Real dumps of chain graphs: each question beside leading every packet through the graph.

The rival answers any question about a way through the ruleset at once, as tools do that
compute what is reachable and then look at it; it has our diagrams and our encoding. The
dumps are the two longest of one family in ``$CALLGATE_CORPUS``, which is not part of this
project; without it nothing is measured here.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Measurement, best
from callgate.check import Prepared, Question, difference, excess, hygiene, sufficiency
from callgate.check.asking import Inquiry
from callgate.dialects.reading import find
from callgate.flows import Box, Family, FlowSet, IntervalSet
from callgate.flows.boxes import ANY_PROTOCOL, any_address

_QUESTION = Question("FORWARD")
#: 10.20.0.0/16
_CLIENTS = IntervalSet.of((0x0A140000, 0x0A14FFFF))
#: Not what the system says of a child: that counts what it was forked from, too.
_PEAK = """
import pathlib, sys
from callgate.cli.main import run
run(sys.argv[1:])
status = pathlib.Path("/proc/self/status").read_text().split()
print(status[status.index("VmHWM:") + 1], file=sys.stderr)
"""
_RIVAL = "every packet, whole graph"


def measurements() -> Iterator[Measurement]:
    """Each kind of answer about the longest dump; the difference is to the next one."""
    old, new = _dumps()
    if new is None or old is None:
        return
    theirs = best(lambda: _whole(Prepared(new)))
    media = _flows(17, 3478)
    several = [media, _flows(6, 3478), _flows(6, 443), _flows(17, 53), _flows(6, 53)]
    for what, action in (
        ("five needs", lambda: [sufficiency(Prepared(new), _QUESTION, need) for need in several]),
        ("what else is open", lambda: excess(Prepared(new), _QUESTION, media)),
        ("all dead lines", lambda: hygiene(Prepared(new))),
        ("dead lines, and lines that could go", lambda: hygiene(Prepared(new), removals=True)),
        ("difference", lambda: difference(Prepared(old), Prepared(new), _QUESTION)),
    ):
        yield Measurement(f"{_name(new)}: {what}", best(action), _RIVAL, theirs)


def memory() -> Iterator[str]:
    """What the whole command takes."""
    _, new = _dumps()
    if new is not None:
        argv = [sys.executable, "-c", _PEAK, "check", "goto", new.source]
        said = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        used = int(said.stderr.split()[-1]) // 1024
        yield f"check of {_name(new)}: {used} MB at most"


def _dumps():
    """The next longest dump and the longest one, as rulesets; None where there is none."""
    folder = Path(os.environ.get("CALLGATE_CORPUS", "")) / "iptables-save"
    files = sorted(folder.glob("*"), key=lambda path: path.stat().st_size, reverse=True)
    read = (_ruleset(path) for path in files[:6])
    found = [ruleset for ruleset in read if ruleset.families == {Family.V4}][:2]
    return (found[1], found[0]) if len(found) == 2 else (None, None)


def _ruleset(path):
    return find("iptables").parse(path.read_text(), str(path))


def _name(ruleset):
    return f"{ruleset.rule_count:,} rules, {len(ruleset.chains)} chains"


def _whole(prepared):
    every = any_address(Family.V4)
    about = FlowSet.of(Box(Family.V4, ANY_PROTOCOL, every, every))
    inquiry = Inquiry((prepared,), _QUESTION, Family.V4, about)
    inquiry.propagation(prepared).run(prepared.ruleset.entry("FORWARD"), inquiry.region)


def _flows(protocol, port):
    ports, protocols = IntervalSet.points((port,)), IntervalSet.points((protocol,))
    return FlowSet.of(
        Box(Family.V4, protocols, _CLIENTS, any_address(Family.V4), destination_port=ports)
    )

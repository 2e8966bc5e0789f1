"""Ask one packet of a configuration's text, in one line."""

import ipaddress
import re

from callgate.check import Prepared, Question, explain, return_path
from callgate.flows import Box, Family, FlowSet, IntervalSet, Packet, Protocol
from callgate.flows.boxes import ANY_PORT

_PACKET = re.compile(
    r"(?P<protocol>\w+)(?: (?P<type>\d+)/(?P<code>\d+))? "
    r"(?P<source>[0-9a-f.:]+?)(?:#(?P<sport>\d+))? > (?P<target>[0-9a-f.:]+?)(?:#(?P<port>\d+))?"
)


def packet(text):
    """``tcp 192.0.2.1#50000 > 198.51.100.1#443`` or ``icmp 8/0 192.0.2.1 > 198.51.100.1``."""
    found = _PACKET.fullmatch(text)
    source, target = map(ipaddress.ip_address, (found["source"], found["target"]))
    word = found["protocol"]
    protocol = int(word) if word.isdigit() else Protocol[word.upper()]
    port = int(found["port"] or 0)
    if found["type"]:
        port = int(found["type"]) * 256 + int(found["code"])
    family = Family(source.version)
    return Packet(family, protocol, int(source), int(target), int(found["sport"] or 0), port)


def box(packet):
    """The set of flows that is just this packet."""
    one = (packet.protocol, packet.source, packet.destination)
    protocol, source, target = (IntervalSet.points((value,)) for value in one)
    ports = (
        IntervalSet.points((packet.source_port,)),
        IntervalSet.points((packet.destination_port,)),
    )
    if packet.protocol in {1, 58}:
        ports = ANY_PORT, ports[1]
    elif packet.protocol not in {6, 17, 132}:
        ports = ANY_PORT, ANY_PORT
    return FlowSet.of(Box(packet.family, protocol, source, target, *ports))


def ask(reader, text, packet_text, entry):
    """The verdict, and the text of the line that decides."""
    ruleset = reader.parse(text, "f")
    answer = explain(Prepared(ruleset), Question(entry), packet(packet_text))
    line = answer.evidence[0].line if answer.evidence else None
    return answer.verdict.name.lower(), line.text if line else ""


def ask_back(reader, text, packet_text, entry):
    """The verdict about the answers to a packet."""
    prepared = Prepared(reader.parse(text, "f"))
    return return_path(prepared, Question(entry), box(packet(packet_text))).verdict.name.lower()

"""Writing and reading rules: ours beside Aerleon, in the same run.

A term allows one port to one network. Aerleon gets the same terms as a policy and definitions
of its own; what it starts besides (a manager process) is not counted. Reading has no rival:
nobody else here reads what they write, so it is told in lines per second.
"""

import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

from aerleon import api
from aerleon.lib import naming

from benchmarks.timing import Measurement, best
from callgate.dialects import reading, registry
from callgate.flows import Family, PortRange, Protocol
from callgate.policy.build import build
from callgate.policy.model import Kind, Networks, Rule
from callgate.policy.site import On, Site, Target
from callgate.profiles.loader import find

SIZES = (10, 1_000, 10_000)
_CLIENTS = (ip_network("10.0.0.0/8"),)
_SIDES = {"inside": "inside", "outside": "outside"}
#: Our dialect -> Aerleon's target, what the device must be told, and where rules are enforced.
PAIRS = {
    "nftables": ("nftables", "inet forward", Target(), On.ROUTER),
    "iptables": ("iptables", "FORWARD DROP", Target(), On.ROUTER),
    "cisco-ios": (
        "cisco",
        "callgate extended",
        Target(**_SIDES, options={"stateful": "inspected"}),
        On.ROUTER,
    ),
    "cisco-asa": ("ciscoasa", "callgate", Target(inside="inside"), On.ROUTER),
    "juniper-srx": ("srx", "from-zone inside to-zone outside", Target(**_SIDES), On.ROUTER),
    "fortigate": (
        "fortigate",
        "from-zone inside to-zone outside",
        Target(**_SIDES, options={"highest-id": "0"}),
        On.ROUTER,
    ),
    "pan-os": ("paloalto", "from-zone inside to-zone outside", Target(**_SIDES), On.ROUTER),
    "windows": ("windows_advfirewall", "out inet", Target(), On.HOST),
}


def measurements(sizes=SIZES, names=tuple(PAIRS)) -> Iterator[Measurement]:
    """Writing in each dialect and size; then reading the largest one back."""
    logging.getLogger("absl").setLevel(logging.ERROR)
    for name in names:
        target, options, told, on = PAIRS[name]
        for size in sizes:
            policy = _policy(size, told, on)
            ours = best(lambda policy=policy, name=name: registry.find(name).generate(policy))
            theirs = _theirs(target, options, size)
            if theirs is None:
                continue
            yield Measurement(f"write {name:<11} {size:>6,}", ours, f"aerleon {target}", theirs)


def readings(size=1_000) -> Iterator[str]:
    """Lines per second of every dialect that reads what it writes."""
    for name, (_, _, told, on) in PAIRS.items():
        artifacts = registry.find(name).generate(_policy(size, told, on))
        text = artifacts[0].text
        reader = reading.find(name)
        seconds = best(lambda reader=reader, text=text: reader.parse(text, "benchmark"))
        yield f"read  {name:<11} {text.count(chr(10)) / seconds:>10,.0f} lines/s"


def _policy(size, told, on):
    site = Site(
        clients=_CLIENTS if on is On.ROUTER else (), families=(Family.V4,), on=on, target=told
    )
    policy = build(find("goto/2.1"), site, ("turn-tcp-443",))
    return replace(policy, rules=tuple(_rule(number, on) for number in range(size)))


def _rule(number, on):
    network = ip_network((0xC6000000 + 256 * number, 32))
    ports = (PortRange(1024 + number % 50_000, 1024 + number % 50_000),)
    sources = _CLIENTS if on is On.ROUTER else None
    return Rule(
        f"r{number}", Kind.NEED, Family.V4, Protocol.UDP, Networks((network,)), ports, sources
    )


def _theirs(target, options, size):
    """Seconds that Aerleon needs for the same terms; None where it takes more than minutes."""
    if target == "srx" and size > 1_000:
        return None  # 135 s were measured
    names = naming.Naming()
    networks = {"CLIENTS": {"values": [{"address": str(_CLIENTS[0])}]}}
    services, terms = {}, []
    for number in range(size):
        rule = _rule(number, On.ROUTER)
        networks[f"N{number}"] = {"values": [{"address": str(rule.destination.prefixes[0])}]}
        services[f"S{number}"] = [{"protocol": "udp", "port": str(rule.ports[0])}]
        terms.append(
            {
                "name": f"t{number}",
                "protocol": "udp",
                "source-address": "CLIENTS",
                "destination-address": f"N{number}",
                "destination-port": f"S{number}",
                "action": "accept",
            }
        )
    terms.append({"name": "block", "action": "deny"})
    names.ParseDefinitionsObject({"networks": networks, "services": services}, "")
    policy = {
        "filename": "benchmark",
        "filters": [{"header": {"targets": {target: options}}, "terms": terms}],
    }
    return best(lambda: api.Generate([policy], names))


if __name__ == "__main__":
    chosen = tuple(word for word in sys.argv[1:] if word in PAIRS) or tuple(PAIRS)
    numbers = tuple(int(word) for word in sys.argv[1:] if word.isdigit()) or SIZES
    for each in measurements(numbers, chosen):
        print(each, flush=True)
    for line in readings():
        print(line, flush=True)

"""Virtual systems and device groups: whose rules come in which order, whose objects are seen.

Source: Panorama Administrator's Guide, "Device Group Policies" (order of evaluation) and
"Device Group Objects" (the nearest object counts).
"""

from dataclasses import dataclass
from typing import Final

from callgate.dialects.pan_os.reading.findings import Findings
from callgate.dialects.pan_os.reading.tree import Node

_LOCAL: Final = frozenset(
    {"rulebase", "zone", "address", "address-group", "service", "service-group"}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """One virtual system or device group; ``name`` is empty for a firewall that is one.

    ``nodes`` are where objects are looked for, the nearest first; ``bases`` are the rulebases in
    the order in which a packet meets them; ``homes`` are where zones stand.
    """

    name: str
    nodes: tuple[Node, ...]
    bases: tuple[Node, ...]
    homes: tuple[Node, ...]


def tops(root: Node) -> list[Node]:
    """The roots: of the text, and of the devices in it."""
    found = [root]
    for node in found:
        for wrapper in (("response", "result"), ("result",), ("config",)):
            inner = node.at(*wrapper)
            if inner is not None:
                found.append(inner)
        found += node.below("devices")
    return found


def scopes(root: Node, findings: Findings) -> list[Scope]:
    """Every scope that has rules; a text without any is one without rules."""
    every = tops(root)
    shared = _all(every, "shared")
    pushed = [*_all(every, "policy", "panorama"), *_all(every, "panorama")]
    central = [*shared, *pushed]
    local = [top for top in every if _LOCAL & top.children.keys()]
    systems: dict[str, list[Node]] = {}
    for each in (each for top in every for each in top.below("vsys")):
        systems.setdefault(each.name, []).append(each)
    groups = [each for top in every for each in top.below("device-group")]
    found = [
        _scope(name, [*own, *local, *pushed, *shared], central, own, own)
        for name, own in systems.items()
    ]
    ruled = any(top.at("rulebase") is not None for top in local)
    if ruled or not (systems or groups):
        found.insert(0, _scope("", [*local, *pushed, *shared], central, local, local))
    found += [_group(each, groups, every, shared, findings) for each in groups]
    return found


def _scope(
    name: str, nodes: list[Node], central: list[Node], own: list[Node], homes: list[Node]
) -> Scope:
    bases = [
        *_all(central, "pre-rulebase"),
        *_all(own, "pre-rulebase"),
        *_all(own, "rulebase"),
        *_all(own, "post-rulebase"),
        *_all(central, "post-rulebase"),
    ]
    return Scope(name, tuple(nodes), tuple(bases), tuple(homes))


def _group(
    node: Node, groups: list[Node], every: list[Node], shared: list[Node], findings: Findings
) -> Scope:
    """A device group under those that it inherits from."""
    line = [node]
    while True:
        name = _parent(line[-1], every)
        above = next((each for each in groups if each.name == name), None)
        if above is None or above in line:
            break
        line.append(above)
    down = [*shared, *reversed(line)]
    bases = [*_all(down, "pre-rulebase"), *_all([*reversed(down)], "post-rulebase")]
    if bases:
        hint = "rules that a firewall has of its own stand between these, and are not in here"
        findings.report(f"device-group {node.name}", node.place, hint)
    homes = [
        home
        for top in every
        for template in top.below("template")
        for device in tops(template)
        for home in (device, *device.below("vsys"))
    ]
    return Scope(node.name, (*line, *shared), tuple(bases), tuple(homes))


def _parent(node: Node, every: list[Node]) -> str:
    told = node.word("parent-dg")
    for top in every:
        for device in top.below("readonly", "devices"):
            told = told or device.word("device-group", node.name, "parent-dg")
    return told


def _all(nodes: list[Node], *path: str) -> list[Node]:
    return [found for node in nodes if (found := node.at(*path)) is not None]

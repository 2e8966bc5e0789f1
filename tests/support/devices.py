"""The devices that every test of all dialects is about: one for each that writes and reads."""

from collections.abc import Iterator

from callgate.dialects.base import Artifact
from callgate.policy.model import Direction, Policy
from callgate.policy.site import MergePoint, On, Target
from callgate.rules import Ruleset
from tests.support.round_trip import Device, Way, configurations


def saved(artifacts: tuple[Artifact, ...]) -> Iterator[tuple[str, str]]:
    """Restore files that leave the built-in chains alone, as a save of an empty box with them.

    The jumps that ``apply.sh`` inserts stand in them as ``-I``; a save shows them as ``-A``.
    """
    policies = "".join(f":{chain} ACCEPT [0:0]\n" for chain in ("INPUT", "FORWARD", "OUTPUT"))
    for name, text in configurations(artifacts):
        lines = text.replace("*filter\n", "*filter\n" + policies)
        for chain in ("FORWARD", "INPUT", "OUTPUT"):
            lines = lines.replace(f"-I {chain} 1", f"-A {chain}")
        yield name, lines


def first_list(ruleset: Ruleset, policy: Policy) -> list[Way]:
    """The list that was made: it judges what clients send, and nothing else."""
    del policy
    entry = next(each for each in ruleset.entries if each.hook == "list")
    return [Way(entry, [Direction.OUT])]


def both_ways(ruleset: Ruleset, policy: Policy) -> list[Way]:
    """From the inside interface to the outside one, and the other way round."""
    ends = policy.target.inside, policy.target.outside
    out, back = " > ".join(ends), " > ".join(ends[::-1])
    return [Way(ruleset.entry(out), [Direction.OUT]), Way(ruleset.entry(back), [Direction.IN])]


def between_sides(ruleset: Ruleset, policy: Policy) -> list[Way]:
    """The only list, asked from the clients' side to the vendor's and the other way round."""
    (entry,) = (each for each in ruleset.entries if each.hook == "forward")
    inside, outside = policy.target.inside, policy.target.outside
    return [
        Way(entry, [Direction.OUT], inside, outside),
        Way(entry, [Direction.IN], outside, inside),
    ]


DEVICES = (
    Device("nftables", on=tuple(On), merge=MergePoint("inet filter", "forward", 2)),
    Device(
        "iptables",
        on=tuple(On),
        merge=MergePoint("filter", "FORWARD", 2),
        texts=lambda artifacts: list(saved(artifacts)),
    ),
    Device(
        "juniper-srx",
        target=Target("trust", "untrust"),
        merged=Target("trust", "untrust", "deny-all"),
        ways=between_sides,
    ),
    Device(
        "fortigate",
        target=Target("inside", "outside", options={"highest-id": "7"}),
        merged=Target("inside", "outside", "3", {"highest-id": "7"}),
        ways=between_sides,
    ),
    *(
        Device(
            "pan-os",
            variant=form,
            target=Target("trust", "untrust", options={"form": form}),
            merged=Target("trust", "untrust", "deny all"),
            ways=between_sides,
        )
        for form in ("set", "xml")
    ),
    Device(
        "cisco-asa",
        target=Target(inside="inside"),
        merge=MergePoint("access-list", "INSIDE_IN", 3),
        ways=first_list,
    ),
    *(
        Device(
            "cisco-ios",
            variant=stateful,
            client_ports=stateful == "established",
            target=Target("Gi0/1", "Gi0/0", options={"stateful": stateful}),
            merged=Target(options={"stateful": stateful, "answers": "BACK:10"}),
            merge=MergePoint("access-list", "OUT", 10),
            ways=both_ways,
        )
        for stateful in ("reflexive", "established")
    ),
    Device("windows", on=(On.HOST,)),
    Device(
        "aws",
        on=(On.HOST,),
        merged=Target(options={"group-id": "sg-0123456789abcdef0"}),
        texts=lambda artifacts: configurations(artifacts)[:1],
    ),
)
BY_NAME = {device.name: device for device in DEVICES}
#: What is written and not read by us.
WRITTEN = BY_NAME | {
    "aerleon": Device(
        "aerleon", target=Target(options={"target": "nftables mixed forward"}), merged=Target()
    )
}

"""What each target does to a packet, as far as a filter is concerned.

Source: iptables-extensions(8). A target of the nat table ends the walk through that table
and lets the packet go on, which is an *accept* of its chain.
"""

from dataclasses import dataclass
from typing import Final

from callgate.rules import Action


@dataclass(frozen=True, slots=True)
class Target:
    """``note`` is the kind of change that readers are told of; ``hint`` says why unknown.

    ``prefixes`` are the beginnings of the options that it takes.
    """

    action: Action
    prefixes: tuple[str, ...] = ()
    note: str = ""
    hint: str = ""


_NAT: Final = ("--to", "--random", "--persistent")
_MARK: Final = ("--set-", "--and-", "--or-", "--xor-", "--save-", "--restore-", "--mask",
                "--nfmask", "--ctmask", "--left-", "--right-")  # fmt: skip
_QUEUE: Final = "a program outside the kernel decides about these packets"


def _goes_on(*prefixes: str, note: str = "") -> Target:
    return Target(Action.CONTINUE, prefixes, note)


TARGETS: Final[dict[str, Target]] = {
    "ACCEPT": Target(Action.ACCEPT),
    "DROP": Target(Action.DROP),
    "RETURN": Target(Action.RETURN),
    "REJECT": Target(Action.REJECT, ("--reject-with",)),
    "TARPIT": Target(Action.DROP, ("--",)),
    "STEAL": Target(Action.DROP),
    # address translation
    "DNAT": Target(Action.ACCEPT, _NAT, "dnat"),
    "SNAT": Target(Action.ACCEPT, _NAT, "snat"),
    "MASQUERADE": Target(Action.ACCEPT, _NAT, "masquerade"),
    "REDIRECT": Target(Action.ACCEPT, _NAT, "redirect"),
    "NETMAP": Target(Action.ACCEPT, _NAT, "netmap"),
    "SAME": Target(Action.ACCEPT, (*_NAT, "--nodst"), "snat"),
    "SNPT": _goes_on("--src-pfx", "--dst-pfx", note="snat"),
    "DNPT": _goes_on("--src-pfx", "--dst-pfx", note="dnat"),
    # changes that other rules, or the routing, look at
    "MARK": _goes_on(*_MARK, note="mark"),
    "CONNMARK": _goes_on(*_MARK, note="mark"),
    "HMARK": _goes_on("--hmark-", note="mark"),
    "NOTRACK": _goes_on(note="notrack"),
    "CT": _goes_on("--notrack", "--helper", "--timeout", "--ctevents", "--expevents", "--zone"),
    "SET": _goes_on("--add-set", "--del-set", "--exist", "--timeout", "--map-", note="set"),
    # nothing that a filter sees
    "AUDIT": _goes_on("--type"),
    "CHECKSUM": _goes_on("--checksum-fill"),
    "CLASSIFY": _goes_on("--set-class"),
    "CONNSECMARK": _goes_on("--save", "--restore"),
    "DSCP": _goes_on("--set-dscp"),
    "ECN": _goes_on("--ecn-"),
    "FLOWOFFLOAD": _goes_on("--hw"),
    "HL": _goes_on("--hl-"),
    "IDLETIMER": _goes_on("--timeout", "--label", "--alarm"),
    "LED": _goes_on("--led-"),
    "LOG": _goes_on("--log-"),
    "NFLOG": _goes_on("--nflog-"),
    "RATEEST": _goes_on("--rateest-"),
    "SECMARK": _goes_on("--selctx"),
    "TCPMSS": _goes_on("--set-mss", "--clamp-mss-to-pmtu"),
    "TCPOPTSTRIP": _goes_on("--strip-options"),
    "TEE": _goes_on("--gateway", "--oif"),
    "TOS": _goes_on("--set-tos", "--and-tos", "--or-tos", "--xor-tos"),
    "TRACE": _goes_on(),
    "TTL": _goes_on("--ttl-"),
    "ULOG": _goes_on("--ulog-"),
    # packets leave the walk, and what becomes of them is not written here
    "QUEUE": Target(Action.UNMODELLED, hint=_QUEUE),
    "NFQUEUE": Target(Action.UNMODELLED, ("--queue-",), hint=_QUEUE),
    "TPROXY": Target(
        Action.UNMODELLED, ("--on-", "--tproxy-mark"), "tproxy", "a local proxy takes the packets"
    ),
    "SYNPROXY": Target(
        Action.UNMODELLED,
        ("--sack-perm", "--timestamp", "--ecn", "--wscale", "--mss"),
        hint="the box answers for the server before it lets the connection through",
    ),
    "CLUSTERIP": Target(Action.UNMODELLED, ("--",), hint="one of several boxes takes the packet"),
    "ROUTE": Target(Action.UNMODELLED, ("--",), hint="the packet takes another way out"),
    "MIRROR": Target(Action.UNMODELLED, ("--",), hint="the packet is sent back"),
}
UNKNOWN_HINT: Final = "neither a chain of this table nor a target that Callgate knows"

"""What the writers of ASA and IOS have in common: addresses, ports, names that are ours.

A group has a digest of its members in its name. Loading other rules makes other groups, and
never changes members under rules that are in force: so there is no moment in which a rule
means something that nobody wrote.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from callgate.dialects.placement import merge_point, outermost
from callgate.dialects.wording import reason, spoken
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family, Network, PortRange
from callgate.flows.axes import PORTED
from callgate.policy.infrastructure import of_family
from callgate.policy.model import Policy, Rule, State
from callgate.policy.site import Apply, MergePoint, On

PREFIX: Final = "CALLGATE"
#: What ``show`` prints whole, and what both devices take in names and remarks.
_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@+="
)
_COMMENT: Final = frozenset(map(chr, range(0x20, 0x7F))) - {"?"}
#: A remark has 100 characters.
_REMARK_MAX: Final = 90
_DIGEST: Final = 6
#: A name of a list, without what the command line takes for itself.
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,62}")
INTERFACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,47}")


def entries(policy: Policy, title: str) -> tuple[Rule, ...]:
    """The rules that are entries of a list: first packets with ports.

    Answers and their ICMP errors are the business of the device's state, or of another list.
    UnsupportedError for a host: these devices forward; and for a list of its own without a
    block: each list ends in an implicit deny.
    """
    if policy.apply is Apply.STANDALONE and policy.block is None:
        raise UnsupportedError(
            f"{title}: a list of its own blocks what it does not permit",
            hint="--apply merge --into access-list/NAME:LINE adds to a list of yours",
        )
    if policy.on is not On.ROUTER:
        raise UnsupportedError(f"{title} filters what it forwards", hint="--on router")
    return tuple(
        rule for rule in policy.rules if rule.state is State.NEW and rule.protocol in PORTED
    )


def list_to_merge_into(policy: Policy) -> MergePoint:
    """The site's list and the line that ours begin at; UsageError when it is not said so."""
    point = merge_point(policy)
    if point.table != "access-list" or not NAME.fullmatch(point.chain):
        raise UsageError(
            f"--into {point.table}/{point.chain}: not an access list",
            hint="--into access-list/NAME:LINE, the line that ours shall begin at",
        )
    return point


def members(networks: Iterable[Network], family: Family) -> tuple[Network, ...]:
    """The networks of one family, each only once, none inside another."""
    return outermost(of_family(tuple(networks), family))


def group_name(label: str, networks: tuple[Network, ...], family: Family) -> str:
    """A name that is readable, ours, and of these members alone."""
    words = re.sub(r"[^A-Z0-9]+", "-", label.upper()).strip("-") or "NETWORKS"
    return f"{PREFIX}-{words[:24]}-V{family.value}-{digest(map(str, networks))}"


def digest(lines: Iterable[str]) -> str:
    """A short name for a text; two texts that share one are not met in practice."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGEST]


def network(each: Network) -> str:
    """``host 192.0.2.1``, ``192.0.2.0 255.255.255.0`` or ``2001:db8::/32``."""
    if each.prefixlen == each.max_prefixlen:
        return f"host {each.network_address}"
    return str(each) if each.version == 6 else f"{each.network_address} {each.netmask}"


def ports(wanted: PortRange) -> str:
    """``eq 443`` or ``range 45000 49999``; always a number, for names differ by device."""
    if wanted.low == wanted.high:
        return f"eq {wanted.low}"
    return f"range {wanted.low} {wanted.high}"


def remark(rule: Rule) -> str:
    """What a line is there for."""
    return spoken(f"Callgate {rule.family}: {reason(rule)}", _CHARACTERS, _REMARK_MAX)


def comments(lines: Iterable[str]) -> list[str]:
    """Header lines as comments: ASCII alone, and no ``?``, at which the command line helps."""
    return ["!" + "".join(c if c in _COMMENT else " " for c in line[1:]).rstrip() for line in lines]

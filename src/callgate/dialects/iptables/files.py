"""The restore files: ``rules.v4`` and ``rules.v6``.

Load them with ``--noflush``: a chain that a file declares is emptied and filled again, no
other is touched. The last lines put the jump into the built-in (or the site's) chain;
``apply.sh`` removes an older jump of ours in the same transaction.
"""

import re
from typing import Final

from callgate.dialects.iptables.chains import BLOCK, NAME_MAX, PREFIX, Chains
from callgate.dialects.iptables.matches import allow, comment_match, source_matches
from callgate.dialects.placement import (
    OLDER_CONNECTIONS,
    OWN_RESETS,
    Hook,
    Placed,
    has_way_in,
    merge_point,
    placements,
)
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from callgate.policy import site as sites
from callgate.policy.model import Policy
from callgate.policy.site import Apply, MergePoint

FILES: Final = {Family.V4: "rules.v4", Family.V6: "rules.v6"}
#: Marks the jump as ours: only a rule with this comment is ever removed.
JUMP_MARK: Final = "-m comment --comment callgate"
_PROHIBITED: Final = {Family.V4: "icmp-admin-prohibited", Family.V6: "icmp6-adm-prohibited"}
_NO_PORT: Final = {Family.V4: "icmp-port-unreachable", Family.V6: "icmp6-port-unreachable"}
_CHAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def families(policy: Policy) -> tuple[Family, ...]:
    """Which files there are: both in standalone, in a merge only what the policy speaks of."""
    return tuple(Family) if policy.apply is Apply.STANDALONE else policy.families


def merge_place(policy: Policy) -> MergePoint | None:
    """Where a merge goes, checked; None in standalone."""
    if policy.apply is Apply.STANDALONE:
        return None
    point = merge_point(policy)
    if point.table != "filter":
        raise UnsupportedError(
            f"rules that allow go into the table filter, not {point.table!r}",
            hint="merge: table filter, and a chain of it such as FORWARD",
        )
    if not _CHAIN.fullmatch(point.chain) or len(point.chain) > NAME_MAX:
        raise UsageError(f"not a name of an iptables chain: {point.chain!r}")
    return point


def jumps(policy: Policy) -> list[tuple[str, str, int]]:
    """The chain to jump from, our chain, and the position of the jump."""
    point = merge_place(policy)
    if point is not None:
        return [(point.chain, PREFIX, point.position)]
    return [(placed.hook.name, f"{PREFIX}-{placed.hook.name}", 1) for placed in placements(policy)]


def restore_file(policy: Policy, family: Family) -> str:
    """What ``iptables-restore --noflush`` or ``ip6tables-restore --noflush`` reads."""
    chains = Chains()
    wanted = jumps(policy)
    for (_, name, _), placed in zip(wanted, placements(policy), strict=True):
        _fill(chains, name, policy, placed, family)
    tool = "iptables" if family is Family.V4 else "ip6tables"
    lines = [
        *header(policy, f"{tool} rules for {family}; {_jump_words(policy)}"),
        "*filter",
        *chains.lines(),
        *(f"-I {target} {position} {JUMP_MARK} -j {name}" for target, name, position in wanted),
        "COMMIT",
    ]
    return "\n".join(lines) + "\n"


def _jump_words(policy: Policy) -> str:
    return "; ".join(f"{target} jumps to {name}" for target, name, _ in jumps(policy))


def _fill(chains: Chains, name: str, policy: Policy, placed: Placed, family: Family) -> None:
    chains.add(name)
    for rule in placed.rules:
        if rule.family is family:
            chains.add(name, *allow(rule, placed.hook, chains))
    block = policy.block
    if block is None:
        return
    for source in source_matches(block.clients, family):
        if block.action is sites.Final.DROP and placed.hook is not Hook.INPUT:
            chains.add(name, *_refused_dns(source, family))
        if block.action is sites.Final.REJECT and placed.hook is Hook.OUTPUT and has_way_in(policy):
            chains.add(name, *_without_reset(source))
        chains.add(name, f"{source}{comment_match('final block')} -j {BLOCK}")
    if BLOCK not in chains.rules:
        chains.add(BLOCK, *_block(block.action, family))


def _refused_dns(source: str, family: Family) -> list[str]:
    comment = comment_match("refuse, do not delay")
    return [
        f"{source}-p udp -m udp --dport 53 {comment} -j REJECT --reject-with {_NO_PORT[family]}",
        f"{source}-p tcp -m tcp --dport 53 {comment} -j REJECT --reject-with tcp-reset",
    ]


def _without_reset(source: str) -> list[str]:
    resets, older = comment_match(OWN_RESETS), comment_match(OLDER_CONNECTIONS)
    tcp = f"{source}-p tcp -m tcp"
    return [
        f"{tcp} --tcp-flags RST RST -m conntrack --ctstate RELATED {resets} -j ACCEPT",
        f"{tcp} ! --tcp-flags SYN,ACK SYN {older} -j DROP",
    ]


def _block(action: sites.Final, family: Family) -> list[str]:
    if action is sites.Final.DROP:
        return ["-j DROP"]
    return [
        "-p tcp -j REJECT --reject-with tcp-reset",
        f"-j REJECT --reject-with {_PROHIBITED[family]}",
    ]

"""The two files: a table of our own (standalone), or our chain in the site's table (merge).

Both can be loaded again and again: each empties what is ours, and only that, and fills it
in the same transaction.
"""

import re
from collections.abc import Iterator
from typing import Final

from callgate.dialects.nftables.by_name import by_name_notes
from callgate.dialects.nftables.chains import allow_lines, block_lines, chain
from callgate.dialects.nftables.sets import Sets
from callgate.dialects.nftables.statements import check_families
from callgate.dialects.placement import Placed, merge_point, placements
from callgate.dialects.wording import header
from callgate.errors import UnsupportedError, UsageError
from callgate.policy.model import Policy

TABLE: Final = "callgate"
FILE: Final = "callgate.nft"
#: What nft's scanner takes as a name (``string`` in scanner.l).
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_FAMILIES: Final = ("inet", "ip", "ip6")


def standalone(policy: Policy) -> str:
    """``table inet callgate`` and nothing else."""
    lines = [
        "#!/usr/sbin/nft -f",
        *header(policy, "nftables rules in a table of their own"),
        *by_name_notes(policy),
        "",
        f"table inet {TABLE} {{}}",
        f"delete table inet {TABLE}",
        "",
        f"table inet {TABLE} {{",
    ]
    sets = Sets(clients=policy.clients)
    chains = [_base_chain(policy, placed, sets) for placed in placements(policy)]
    lines += sets.lines()
    for number, block in enumerate(chains):
        lines += ([""] if number else []) + block
    return "\n".join([*lines, "}"]) + "\n"


def _base_chain(policy: Policy, placed: Placed, sets: Sets) -> list[str]:
    hook = placed.hook
    body = allow_lines(placed, sets, "inet")
    if policy.block is not None:
        body += block_lines(policy, policy.block, hook, sets, "inet")
    covers_all = policy.block is not None and policy.block.clients is None
    base = (
        f"type filter hook {hook.value} priority filter; "
        f"policy {'drop' if covers_all else 'accept'};"
    )
    return list(chain(hook.value, base, body))


def merge_target(policy: Policy) -> tuple[str, str, str, int]:
    """Family, table, chain and position of the merge; UsageError when they are no names."""
    point = merge_point(policy)
    family, _, table = point.table.partition(" ")
    if family not in _FAMILIES:
        if family in ("arp", "bridge", "netdev"):
            raise UnsupportedError(
                f"rules for IP traffic do not go into a table of family {family}"
            )
        raise UsageError(
            f"not a table with its family: {point.table!r}",
            hint="as nft list tables prints it, for example: inet filter",
        )
    for name in (table, point.chain):
        if not _NAME.fullmatch(name):
            raise UsageError(f"not a name of an nftables table or chain: {name!r}")
    return family, table, point.chain, point.position


def _emptied(at: str, sets: Sets) -> Iterator[str]:
    """Statements that make our chain and sets exist and be empty, whatever was there."""
    yield f"table {at} {{"
    yield f"\tchain {TABLE} {{ }}"
    for name, kind in sets.types():
        yield f"\tset {name} {{ type {kind}; flags interval; }}"
    yield "}"
    yield f"flush chain {at} {TABLE}"
    for name, _ in sets.types():
        yield f"flush set {at} {name}"


def merge(policy: Policy) -> str:
    """``chain callgate`` and its sets, inside the site's table; ``apply.sh`` adds the jump."""
    family, table, target, position = merge_target(policy)
    (placed,) = placements(policy)
    check_families(placed.rules, family)
    sets = Sets(prefix=f"{TABLE}_", clients=policy.clients)
    body = allow_lines(placed, sets, family)
    if policy.block is not None:
        body += block_lines(policy, policy.block, placed.hook, sets, family)
    lines = [
        "#!/usr/sbin/nft -f",
        *header(
            policy,
            f"nftables rules inside your table {family} {table}; "
            f"apply.sh makes rule {position} of chain {target} jump to them",
        ),
        *by_name_notes(policy),
        "",
        *_emptied(f"{family} {table}", sets),
        "",
        f"table {family} {table} {{",
        *sets.lines(),
        *chain(TABLE, "", body),
        "}",
    ]
    return "\n".join(lines) + "\n"

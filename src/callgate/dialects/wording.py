"""The words that we put into other people's languages: header lines and safe free text.

Names of sites, networks and reasons come from users and vendors and end up in comments.
A comment must stay one: no control character, line separator, bidirectional override or
quotation mark gets through, in any target, and it is cut at the target's limit in bytes.
"""

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Final

from callgate.policy.model import Kind, Policy, Rule
from callgate.policy.site import Apply, On

#: Unicode categories that can end a line, hide text or be no text: control, format,
#: surrogate, unassigned, line and paragraph separators.
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
#: What quoting in nft, iptables-restore or a shell could trip over.
_QUOTES: Final = str.maketrans({'"': "'", "\\": "/", "`": "'"})
_WIDTH: Final = 96
_PLACE: Final = {
    On.ROUTER: "what this router forwards; its own traffic is not touched",
    On.HOST: "what this host sends and receives; what it forwards is not touched",
}
_HOW: Final = "./apply.sh --confirm 60, then ./apply.sh --keep; back with ./rollback.sh"
_WAY_IN: Final = (
    "The way into this host (answers, management) stays the business of your own input chain."
)


def one_line(text: str) -> str:
    """The text with everything that could end or disguise a line made a space."""
    safe = (" " if unicodedata.category(char) in _UNSAFE else char for char in text)
    return " ".join("".join(safe).split())


def plain(text: str, limit: int) -> str:
    """One line without quotation marks or backslashes, at most ``limit`` bytes of UTF-8."""
    safe = one_line(text).translate(_QUOTES)
    encoded = safe.encode()
    if len(encoded) <= limit:
        return safe
    return encoded[: limit - 3].decode(errors="ignore").rstrip() + "..."


def spoken(text: str, characters: frozenset[str], limit: int) -> str:
    """One line of these characters only: others become spaces, apostrophes fall away."""
    without = plain(text, limit).replace("'", "")
    return " ".join("".join(char if char in characters else " " for char in without).split())


def reason(rule: Rule) -> str:
    """What a rule's comment says: its id, without the word that all of its kind share."""
    name = rule.id.removeprefix(f"{Kind.INFRASTRUCTURE.value}.")
    return f"{name}: {rule.why}" if rule.why else name


def header(policy: Policy, target: str, *, how: str = _HOW) -> list[str]:
    """Comment lines that say what a file is, from which document, and how to apply it."""
    facts = {
        "Document": f"{policy.document} ({policy.profile})",
        "Scenario": ", ".join(policy.scenarios),
        "Site": f"{policy.site} ({policy.edge})",
        "Filters": _PLACE[policy.on],
        "Families": _families(policy),
        "Apply": how,
    }
    lines = [*_wrapped("Callgate", target)]
    for name, value in facts.items():
        lines += _wrapped(name, value)
    for notice in policy.notices:
        lines += _wrapped("Note", notice.text)
    if policy.on is On.HOST and policy.apply is Apply.MERGE:
        lines += _wrapped("Note", _WAY_IN)
    return lines


def _families(policy: Policy) -> str:
    wanted = ", ".join(str(family) for family in policy.families)
    if len(policy.families) > 1:
        return wanted
    other = "IPv4" if wanted == "IPv6" else "IPv6"
    left = "blocked" if policy.apply is Apply.STANDALONE and policy.block else "not touched"
    return f"{wanted}; {other} is {left}"


def _wrapped(name: str, text: str, mark: str = "#") -> Iterator[str]:
    first = f"{mark} {name + ':':<10} "
    rest = mark + " " * (len(first) - len(mark))
    yield from textwrap.wrap(
        one_line(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,  # names are copied out of comments
    )


def commented(name: str, text: str, mark: str = "#") -> Iterator[str]:
    """``# Name:   text`` as wrapped comment lines that no quotation or backslash can end."""
    yield from _wrapped(name, text.translate(_QUOTES), mark)

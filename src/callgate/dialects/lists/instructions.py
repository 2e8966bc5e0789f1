"""What is to be said of a list, in a file of its own: where it goes, and how it is undone."""

from collections.abc import Iterable, Iterator

from callgate.dialects.naming import excess_note, heading
from callgate.names import DomainPattern
from callgate.names.matchers import Matcher
from callgate.policy.model import Policy


def shortfall_note(matcher: Matcher, domains: Iterable[DomainPattern]) -> str:
    """What no entry of the product reaches, in one line; empty where it reaches everything."""
    short = dict.fromkeys(piece for pattern in domains for piece in matcher.short_of(pattern))
    if not short:
        return ""
    depths = sorted({piece.least for piece in short})
    bases = ", ".join(dict.fromkeys(piece.base for piece in short))
    return (
        f"{matcher.traits.title} does not reach names of {depths[0]} labels or more below {bases}"
    )


def instructions(
    policy: Policy, target: str, steps: Iterable[str], matchers: Iterable[Matcher]
) -> str:
    """The text of the file: heading, what the lists take in and leave out, numbered steps."""
    facts: dict[str, str] = {}
    excess: list[str] = []
    for matcher in matchers:
        note = shortfall_note(matcher, policy.domains)
        if note:
            facts[f"Depth {len(facts) + 1}"] = note
        excess.append(excess_note(matcher, policy.domains))
    lines = [*heading(policy, target, facts, "; ".join(filter(None, excess)), mark="")]
    lines = [line.strip() for line in lines]
    return "\n".join([*lines, "", *_numbered(steps)]) + "\n"


def _numbered(steps: Iterable[str]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield f"{number}. {step}"


def depth_of(matcher: Matcher) -> int | None:
    """How many labels before a name an entry reaches at most; None for any depth."""
    short = matcher.short_of(DomainPattern("example.com", below=True))
    return min((piece.least for piece in short), default=0) - 1 if short else None

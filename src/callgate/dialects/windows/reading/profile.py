"""The profiles of the firewall, and the lists that a packet meets in each of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from callgate.dialects.windows.reading.rule import PROFILES, Draft
from callgate.places import Place
from callgate.rules import (
    Action,
    Chain,
    Condition,
    Entry,
    Literal,
    Match,
    Rule,
    Ruleset,
    Unmodelled,
)

_WAYS = {True: ("outbound", "output"), False: ("inbound", "input")}
_ACTIONS = {"allow": Action.ACCEPT, "block": Action.DROP}


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile: whether it filters, and what becomes of what no rule takes.

    A default is None where the text does not say; ``text`` and ``place`` show where it does.
    """

    name: str
    place: Place
    text: str
    enabled: bool = True
    defaults: dict[bool, Action | None] = field(default_factory=dict)
    shields_up: bool = False

    def default(self, *, outbound: bool) -> Action | None:
        """The default of one direction."""
        return self.defaults.get(outbound)


def default_action(word: str, *, outbound: bool) -> Action | None:
    """What a profile's default says; not configured is allow out and block in."""
    if word.lower() in {"notconfigured", "0"}:
        return Action.ACCEPT if outbound else Action.DROP
    return _ACTIONS.get(word.lower())


def ruleset(
    source: str,
    drafts: Iterable[Draft],
    profiles: dict[str, Profile],
    present: set[str],
    unmodelled: list[Unmodelled],
) -> Ruleset:
    """Each profile by direction; those of ``present`` (or all) are ways that calls take."""
    every = [(draft, draft.rules()) for draft in drafts]
    chains: dict[str, Chain] = {}
    entries: list[Entry] = []
    for name in PROFILES:
        for outbound, (word, hook) in _WAYS.items():
            chain = _chain(f"{word} {name}", outbound, profiles[name], every)
            chains[chain.name] = chain
            taken = not present or name in present
            entries.append(
                Entry(chain.name, (chain.name,), hook if taken else f"other {hook}", chain.place)
            )
    unmodelled += [each for draft, _ in every for each in draft.unmodelled]
    ordered = sorted(dict.fromkeys(unmodelled), key=lambda each: (each.place, each.text))
    return Ruleset(
        "windows", source, chains, tuple(_merged(entries, chains)), unmodelled=tuple(ordered),
        stateful=True,
    )  # fmt: skip


def _merged(entries: list[Entry], chains: dict[str, Chain]) -> Iterator[Entry]:
    """Where all profiles that count do the same, one way stands for them: ``outbound``."""
    for word, hook in _WAYS.values():
        mine = [entry for entry in entries if entry.hook == hook]
        alike = {(chains[e.name].rules, chains[e.name].default) for e in mine}
        if len(alike) == 1:
            yield Entry(word, mine[0].chains, hook, mine[0].place)
            yield from (
                Entry(e.name, e.chains, f"profile {hook}", e.place)
                for e in entries
                if e.hook.endswith(hook)
            )
        else:
            yield from (entry for entry in entries if entry.hook.endswith(hook))


def _chain(
    name: str, outbound: bool, profile: Profile, every: list[tuple[Draft, list[Rule]]]
) -> Chain:
    """Rules by precedence, then the default."""
    if not profile.enabled:
        text = f"{profile.text}: the firewall is off"
        return Chain(name, (), Action.ACCEPT, place=profile.place, default_text=text)
    rules: list[Rule] = []
    mine = [
        (draft, found)
        for draft, found in every
        if profile.name in draft.profiles and draft.outbound in {outbound, None}
    ]
    allows_in = outbound or not profile.shields_up
    for rank in range(3):
        for draft, found in mine:
            if _rank(draft) == rank and (draft.action is not Action.ACCEPT or allows_in):
                rules += found
    default = profile.default(outbound=outbound)
    if default is None:
        unsure = Match(conditions=(Literal(Condition(profile.text, profile.place)),))
        rules.append(Rule(Action.UNMODELLED, unsure, profile.place, profile.text))
    return Chain(
        name,
        tuple(rules),
        default or Action.DROP,
        place=profile.place,
        default_place=profile.place,
        default_text=profile.text,
    )


def _rank(draft: Draft) -> int:
    """Overriding allows first, then blocks and what is no action, then allows."""
    if draft.action is Action.ACCEPT:
        return 0 if draft.overrides else 2
    return 1

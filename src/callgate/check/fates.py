"""What becomes of a rule: the common result of both ways to look for dead ones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """Whether a rule is dead: yes, no, or None for not decided.

    ``by`` are numbers of the rules that take its packets, those that are known. ``entered``
    says that packets which it matches come to its chain, ``empty`` that there are none at
    all.
    """

    dead: bool | None
    by: tuple[int, ...] = ()
    entered: bool = True
    empty: bool = False

"""What a dialect is: ``generate``, a capability table and, where it can read, ``parse``.

A dialect is found by entry point (group ``callgate.dialects``) or in the table of
:mod:`callgate.dialects.registry`, so that someone else can ship one. ``generate`` is pure:
it returns :class:`Artifact` texts and never applies anything. What a target cannot
express raises :class:`~callgate.errors.UnsupportedError`, or is emitted with its excess
declared in the artifact.
"""

from dataclasses import dataclass
from typing import Protocol as Interface
from typing import runtime_checkable

from callgate.flows import FlowSet
from callgate.policy.model import Policy, Rule
from callgate.policy.site import On


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a target can express; the docs print this table. Texts are one line each."""

    ipv6: bool
    port_ranges: bool
    stateful: bool
    domains: str  # "no", or how: "by resolver set", "exact and wildcard"
    groups: bool
    name_limit: int | None
    name_charset: str
    comments: str
    logging: bool
    default_action: str
    order: str
    merge: str
    source: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that a dialect offers beside the policy: ``--option NAME=VALUE``.

    ``values`` are those that may be chosen, empty where any text may; ``default`` is empty
    where there is none.
    """

    name: str
    meaning: str
    values: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to apply; ``executable`` ones are scripts, ``rollback`` ones take it back.

    ``instructions`` are for people, where the format itself has no place for words. What is
    no configuration is written with the others and never printed among them.
    ``excess`` is what the target cannot help opening beyond the policy, and
    ``excess_note`` says so in words. ``note`` is what must be known to apply it, where the
    file itself has no place for words (JSON).
    """

    name: str
    text: str
    purpose: str
    executable: bool = False
    excess: FlowSet = FlowSet()  # noqa: RUF009 - immutable
    excess_note: str = ""
    note: str = ""
    rollback: bool = False
    instructions: bool = False

    @property
    def is_configuration(self) -> bool:
        """Whether it is what the target reads, and not what stands beside it."""
        return not (self.executable or self.rollback or self.instructions)


@runtime_checkable
class Mender(Interface):
    """A dialect that can say in single lines what would let a need pass."""

    def allow_lines(self, rules: tuple[Rule, ...], on: On) -> tuple[str, ...]:
        """The lines that allow these rules, without names that other lines must define."""


class Dialect(Interface):
    """One target's language."""

    @property
    def name(self) -> str:
        """The word that ``--dialect`` takes."""

    @property
    def title(self) -> str:
        """The product, as its vendor writes it."""

    @property
    def filters(self) -> bool:
        """Whether it filters packets; a target that does not goes by name and needs no rules."""

    @property
    def sides(self) -> frozenset[str]:
        """Which of the names in :class:`~callgate.policy.site.Target` it asks for."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices that it offers; :func:`callgate.dialects.options.chosen` reads them."""

    @property
    def capabilities(self) -> Capabilities:
        """What the target can express."""

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """The files for this policy; the first one is the configuration itself."""

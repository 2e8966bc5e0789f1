"""A proxy, or a list of one, as a device that an audit asks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from callgate.flows import Family
from callgate.rules import BOTH_FAMILIES, Unmodelled
from callgate.rules.proxy import ProxyRuleset


@dataclass(frozen=True, slots=True)
class ProxyDevice:
    """A configuration that decides by name. ``listener`` is the port that clients use, or 0."""

    ruleset: ProxyRuleset
    listener: int = 0

    #: It decides the name, whatever family the name leads to.
    families: ClassVar[Collection[Family]] = BOTH_FAMILIES
    entry: ClassVar[str] = "CONNECT"

    @property
    def source(self) -> str:
        """What the user calls the configuration."""
        return self.ruleset.source

    @property
    def dialect(self) -> str:
        """Its language."""
        return self.ruleset.dialect

    @property
    def rule_count(self) -> int:
        """How many rules, or entries, it holds."""
        return self.ruleset.rule_count

    @property
    def unmodelled(self) -> tuple[Unmodelled, ...]:
        """What is not modelled in it."""
        return self.ruleset.unmodelled

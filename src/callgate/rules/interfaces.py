"""Which interfaces (or security zones) a match holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interfaces:
    """Interfaces by name; ``eth*`` stands for every name that begins with ``eth``.

    Every target's own wildcard (``eth+`` in iptables) is written with the star.
    ``negated`` means all the others. A packet that has no interface on that side (sent by
    the box itself) has the empty name, which a bare ``*`` holds too.
    """

    names: tuple[str, ...]
    negated: bool = False

    def __contains__(self, name: str) -> bool:
        """Whether an interface of that name is meant."""
        return self.negated != any(
            name.startswith(each[:-1]) if each.endswith("*") else name == each
            for each in self.names
        )

    def __str__(self) -> str:
        return ("not " if self.negated else "") + ", ".join(self.names)

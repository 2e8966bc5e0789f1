"""``callgate.ps1``: one ``New-NetFirewallRule`` a line, between lines that never vary.

Rules carry a digest of the whole policy in their names. A script whose rules are there
already changes nothing; another one makes its own rules first and removes the older ones of
the group after, so that no call is cut in between. The default is set last.
"""

import hashlib
from importlib.resources import files
from typing import Final

from callgate.dialects.windows.parameters import GROUP, parameters, quoted
from callgate.dialects.wording import header
from callgate.policy.model import Policy, Rule

CMDLET: Final = "New-NetFirewallRule"
#: The line that makes the default a block; the explicit block rule that others write instead
#: would beat every allow rule (Microsoft Learn, "Windows Firewall rules", rule precedence).
DEFAULT_BLOCK: Final = "Set-NetFirewallProfile -All -DefaultOutboundAction Block"
_HOW: Final = "as administrator: .\\callgate.ps1; back with .\\rollback.ps1"


def render(policy: Policy, rules: tuple[Rule, ...], profile: str) -> str:
    """The whole script."""
    bodies = [
        " ".join(f"-{name} {value}" for name, value in found) for found in _each(rules, profile)
    ]
    default = [DEFAULT_BLOCK] if policy.block is not None else []
    digest = hashlib.sha256("\n".join(bodies + default).encode()).hexdigest()[:8]
    names = [f"callgate-{digest}-{number:03}" for number in range(1, len(bodies) + 1)]
    lines = [
        *header(policy, "Windows Defender Firewall rules", how=_HOW),
        *fixed("before", digest=digest, last=names[-1]),
        *(
            f"{CMDLET} -Name {quoted(name)} -Group {quoted(GROUP)} {body} | Out-Null"
            for name, body in zip(names, bodies, strict=True)
        ),
        *fixed("after"),
        *default,
    ]
    return "\n".join(lines) + "\n"


def _each(rules: tuple[Rule, ...], profile: str) -> list[tuple[tuple[str, str], ...]]:
    """The parameters of every rule that is written, each once."""
    every = (tuple(parameters(rule, profile)) for rule in rules)
    return [each for each in dict.fromkeys(every) if each]


def fixed(name: str, **values: str) -> list[str]:
    """The lines of a file in ``scripts/``, with values in place of ``@NAME@``."""
    text = (files("callgate.dialects.windows") / "scripts" / f"{name}.ps1").read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key.upper()}@", value)
    return text.rstrip("\n").split("\n")

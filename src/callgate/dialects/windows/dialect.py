"""Windows Defender Firewall as a dialect: a PowerShell script for the host itself."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.options import chosen
from callgate.dialects.placement import placements, refuse_domains
from callgate.dialects.windows import script
from callgate.errors import UnsupportedError
from callgate.policy.model import Policy
from callgate.policy.site import On

_PROFILES: Final = ("Any", "Domain", "Private", "Public")


class Windows:
    """Rules of a group of our own, and the default for outbound traffic."""

    name = "windows"
    title = "Windows Defender Firewall"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option("profile", "The network profile that the rules hold in", _PROFILES, "Any"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no",
        groups=False,
        name_limit=None,
        name_charset="ASCII letters, digits, spaces and ._-:/()#,@+=",
        comments="a display name per rule",
        logging=False,
        default_action="outbound allow until the profile's default is set to block",
        order="none: a block beats every allow, then the profile's default",
        merge="rules of the group Callgate beside the others; the default stays",
        source="Microsoft Learn, NetSecurity module; Windows Firewall rules",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.ps1``, ``rollback.ps1`` and ``export-firewall.ps1``.

        Raises UnsupportedError for domains and for a router: this firewall is the host's.
        """
        refuse_domains(policy, self.title)
        if policy.on is not On.HOST:
            raise UnsupportedError(
                "the Windows firewall filters for the host that it runs on", hint="--on host"
            )
        profile = chosen(self, policy.target)["profile"]
        rules = tuple(rule for placed in placements(policy) for rule in placed.rules)
        return (
            Artifact("callgate.ps1", script.render(policy, rules, profile), "rules and default"),
            _script("rollback.ps1", "rollback", "removes them and puts the default back"),
            _script("export-firewall.ps1", "export", "what is in force, for `callgate check`"),
        )


def _script(name: str, file: str, purpose: str) -> Artifact:
    text = "\n".join(script.fixed(file)) + "\n"
    return Artifact(name, text, purpose, executable=True, rollback=file == "rollback")

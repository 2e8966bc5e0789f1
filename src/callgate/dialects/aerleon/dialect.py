"""Aerleon as a dialect: written only, for what it writes is other people's language."""

import re
from typing import Any, Final

import yaml

from callgate.dialects.aerleon.documents import COMMENT, Definitions, terms
from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.options import chosen
from callgate.dialects.placement import refuse_domains
from callgate.dialects.wording import header, spoken
from callgate.errors import UnsupportedError, UsageError
from callgate.policy.model import Policy
from callgate.policy.site import Apply, On

#: Aerleon 1.18; an unknown one is a warning there, and no file is written.
PLATFORMS: Final = frozenset(
    {"arista", "arista_tp", "aruba", "brocade", "cisco", "ciscoasa", "cisconx", "ciscoxr"}
    | {"cloudarmor", "fortigate", "gce", "gcp_hf", "ipset", "iptables", "juniper", "juniperevo"}
    | {"k8s", "msmpc", "nftables", "nokiasrl", "nsxt", "nsxv", "nvueapi", "openconfig"}
    | {"packetfilter", "paloalto", "pcap", "proxmox", "sonic", "speedway", "srx", "srxlo"}
    | {"windows_advfirewall"}
)
_OPTIONS: Final = re.compile(r"[A-Za-z0-9 _.-]*")
_HOW: Final = (
    "put callgate-definitions.yaml into def/ and callgate.yaml into policies/, then aclgen"
)
_HOW_MERGED: Final = "put the definitions into def/ and `- include: callgate.yaml` among your terms"


class Aerleon:
    """A policy with its definitions, or terms to include in the site's own policy."""

    name = "aerleon"
    title = "Aerleon (policy and definitions)"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option("target", "Aerleon's platform and its options: `nftables mixed forward`"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no",
        groups=True,
        name_limit=None,
        name_charset="A-Z 0-9 _ for definitions, a-z 0-9 - for terms",
        comments="per term",
        logging=True,
        default_action="a last term that denies; many targets cannot reject",
        order="first match",
        merge="a file of terms that the site's own policy includes",
        source="Aerleon documentation: Policies, Naming definitions",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.yaml`` and ``callgate-definitions.yaml``.

        Raises UnsupportedError for domains and for a host; UsageError without a target that
        Aerleon knows, for it would write nothing and not fail.
        """
        refuse_domains(policy, self.title)
        if policy.on is not On.ROUTER:
            raise UnsupportedError(
                "Aerleon's ICMP types and loopback differ by target; only a router's rules are"
                " written for it",
                hint="--on router, or another dialect for hosts",
            )
        definitions = Definitions()
        found = terms(policy, definitions)
        body = {"terms": found} if policy.apply is Apply.MERGE else self._policy(policy, found)
        how = _HOW_MERGED if policy.apply is Apply.MERGE else _HOW
        return (
            Artifact("callgate.yaml", _text(policy, body, "Aerleon policy", how), "the policy"),
            Artifact(
                "callgate-definitions.yaml",
                _text(policy, definitions.document(), "Aerleon definitions", how),
                "networks and services that it names",
            ),
        )

    def _policy(self, policy: Policy, found: list[dict[str, Any]]) -> dict[str, Any]:
        platform, _, options = chosen(self, policy.target)["target"].strip().partition(" ")
        if platform not in PLATFORMS or not _OPTIONS.fullmatch(options):
            raise UsageError(
                f"Aerleon has no platform {platform!r}" if platform else "which target of Aerleon?",
                hint='for example --option target="nftables mixed forward"',
            )
        comment = spoken(f"{', '.join(policy.scenarios)} of {policy.document}", COMMENT, 120)
        head = {"targets": {platform: options.strip()}, "comment": comment}
        return {"filters": [{"header": head, "terms": found}]}


def _text(policy: Policy, body: dict[str, Any], target: str, how: str) -> str:
    data = yaml.safe_dump(body, sort_keys=False, default_flow_style=False, allow_unicode=False)
    return "\n".join(header(policy, target, how=how)) + "\n" + data

"""AWS as a dialect: a security group for the instances that run the app."""

import re
from typing import Final

from callgate.dialects.aws import files
from callgate.dialects.aws.rules import Permission, permissions
from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.options import chosen
from callgate.dialects.placement import placements, refuse_domains
from callgate.dialects.scripts import plain_script
from callgate.errors import UnsupportedError, UsageError
from callgate.policy.model import Direction, Policy
from callgate.policy.site import Apply, On

_GROUP_ID: Final = re.compile(r"sg-[0-9a-f]{8,17}")
#: Rules of one direction: the quota that an account begins with, and the product of all
#: quotas, which cannot be raised ("Amazon VPC quotas", Security groups).
QUOTA: Final = 60
_MOST: Final = 1000


class Aws:
    """A security group, as CloudFormation and as Terraform JSON."""

    name = "aws"
    title = "AWS security group"
    filters = True
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option("group-id", "Merge into the group of this id instead of making one"),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=True,
        stateful=True,
        domains="no",
        groups=False,
        name_limit=255,
        name_charset="ASCII letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        comments="a description per rule, 255 characters",
        logging=False,
        default_action="drop, always; there is no reject and no deny rule",
        order="none: allows add up, over all groups of an interface",
        merge="rules added to the group of --option group-id",
        source="Amazon VPC User Guide, Security group rules; Amazon VPC quotas",
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """``callgate.template.json``, ``callgate.tf.json`` and scripts for the stack.

        Raises UnsupportedError for domains, for a router (a group stands at the instances),
        for a block in a merge and for more rules than a group can hold; UsageError for a
        group's id that is none.
        """
        refuse_domains(policy, self.title)
        if policy.on is not On.HOST:
            raise UnsupportedError(
                "a security group stands at the instances themselves and knows no sources",
                hint="--on host, and attach the group to the instances that run the app",
            )
        group_id = self._group_id(policy)
        wanted = permissions(tuple(r for placed in placements(policy) for r in placed.rules))
        _within_quota(wanted)
        return (
            Artifact(
                "callgate.template.json",
                files.template(policy, wanted, group_id),
                "a CloudFormation stack",
            ),
            Artifact(
                "callgate.tf.json",
                files.terraform(policy, wanted, group_id),
                "the same for Terraform, instead of the stack",
            ),
            plain_script("apply.sh", "aws-apply", "makes or updates the stack"),
            plain_script("rollback.sh", "aws-rollback", "deletes the stack"),
        )

    def _group_id(self, policy: Policy) -> str:
        found = chosen(self, policy.target)["group-id"]
        if policy.apply is Apply.STANDALONE:
            if found:
                raise UsageError("option group-id goes with --apply merge")
            return ""
        if policy.block is not None:
            raise UnsupportedError("a security group cannot deny: a merge has no block here")
        if not _GROUP_ID.fullmatch(found):
            raise UsageError(
                f"to merge, name the group: option group-id, and not {found!r}",
                hint="--option group-id=sg-0123456789abcdef0",
            )
        return found


def _within_quota(wanted: list[Permission]) -> None:
    for direction in Direction:
        for family in {each.family for each in wanted}:
            count = sum(e.direction is direction and e.family is family for e in wanted)
            if count > _MOST:
                raise UnsupportedError(
                    f"{count:,} {family} rules {direction.value}; a group holds {QUOTA}, "
                    f"and {_MOST:,} at the very most",
                    hint="choose All for the list, where the document allows it",
                )

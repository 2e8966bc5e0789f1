"""Policies for the targets that go by name, in documentation addresses."""

from dataclasses import replace

from callgate.names import DomainPattern
from callgate.policy.build import build
from callgate.policy.model import Notice
from callgate.policy.site import Apply, Site, Target
from tests.support.policies import CLIENTS, TURN, goto


def named_policy(scenario="turn-tcp-443", *, options=(), merge=False, turn=TURN, **choices):
    """A scenario of GoTo's for a target that goes by name."""
    site = Site(
        **{
            "name": "head office",
            "clients": CLIENTS,
            "networks": {"turn-networks": turn} if turn else {},
            "apply": Apply.MERGE if merge else Apply.STANDALONE,
            "target": Target(options=dict(options)),
        }
        | choices
    )
    return build(goto("goto/2.1"), site, (scenario,), filters=False)


def with_names(policy, *texts):
    """The policy with other domains."""
    return replace(policy, domains=tuple(map(DomainPattern.parse, texts)))


def with_texts(policy, text):
    """The policy with a text wherever a user's or a vendor's words may stand."""
    return replace(
        policy,
        profile=text,
        document=text,
        scenarios=(text,),
        site=text,
        notices=(Notice("note", text),),
    )

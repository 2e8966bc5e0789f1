"""Whatever things are called, the data that Aerleon reads keeps its shape."""

from dataclasses import replace

import yaml
from hypothesis import given

from callgate.dialects.aerleon import Aerleon
from callgate.dialects.aerleon.documents import COMMENT
from callgate.policy.model import Networks, Notice
from callgate.policy.site import Target
from tests.support.hostile import hostile
from tests.support.policies import TURN, policy

TARGET = Target(options={"target": "nftables mixed forward"})


def named(original, text):
    """The policy with the same hostile text wherever a name or a sentence goes."""
    rules = tuple(
        replace(rule, id=text, why=text, destination=_labelled(rule, text))
        for rule in original.rules
    )
    return replace(original, rules=rules, site=text, document=text, notices=(Notice("n", text),))


def _labelled(rule, text):
    if not isinstance(rule.destination, Networks):
        return rule.destination
    return Networks(tuple(net for net in TURN if net.version == rule.family), text)


def terms(written):
    body = yaml.safe_load(Aerleon().generate(written)[0].text)
    return body["filters"][0]["terms"]


@given(hostile())
def test_names_stay_in_their_field(text):
    plain = replace(policy(), target=TARGET)
    found = terms(named(plain, text))
    for one, other in zip(terms(plain), found, strict=True):
        assert one.keys() == other.keys()
        assert set(other["comment"]) <= COMMENT
        assert one["action"] == other["action"]
        for key in ("source-address", "destination-address", "destination-port"):
            assert other.get(key, "CALLGATE").startswith("CALLGATE")
            assert set(other.get(key, "")) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")

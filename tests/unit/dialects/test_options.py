"""Options and names on the device: checked, or refused with what there is."""

import re

import pytest

from callgate.dialects.base import Option
from callgate.dialects.nftables import Nftables
from callgate.dialects.options import chosen, named, refuse_unused
from callgate.errors import UsageError
from callgate.policy.site import Target

ZONE = re.compile(r"[a-z]{1,8}")


class Box(Nftables):
    name = "box"
    sides = frozenset({"inside"})
    options = (
        Option("app-id", "the application", ("any", "webrtc"), "any"),
        Option("folder", "the folder"),
    )


def test_what_is_not_said_has_its_default():
    assert chosen(Box(), Target()) == {"app-id": "any", "folder": ""}


def test_what_is_said_counts():
    target = Target(options={"app-id": "webrtc", "folder": "Shared"})
    assert chosen(Box(), target) == {"app-id": "webrtc", "folder": "Shared"}


def test_an_option_that_there_is_not_is_refused_with_what_was_meant():
    with pytest.raises(UsageError, match=r"no option 'appid'; did you mean 'app-id'") as caught:
        chosen(Box(), Target(options={"appid": "any"}))
    assert caught.value.hint == "it has app-id, folder"
    with pytest.raises(UsageError) as caught:
        chosen(Nftables(), Target(options={"app-id": "any"}))
    assert caught.value.hint == "it has none"


def test_a_value_that_the_option_does_not_know_is_refused():
    with pytest.raises(UsageError, match="'goto' is no value of it"):
        chosen(Box(), Target(options={"app-id": "goto"}))


def test_a_name_is_never_guessed():
    with pytest.raises(UsageError, match=r"--inside NAME \(zone\)"):
        named(Box(), Target(), "inside", "zone", ZONE)
    assert named(Box(), Target(inside="lan"), "inside", "zone", ZONE) == "lan"


def test_a_name_must_be_one_on_the_device():
    with pytest.raises(UsageError, match="'LAN 1' cannot be the name of a zone"):
        named(Box(), Target(inside="LAN 1"), "inside", "zone", ZONE)


def test_a_flag_that_would_do_nothing_is_refused():
    refuse_unused(Box(), {"inside"})
    with pytest.raises(UsageError, match="no use for --before"):
        refuse_unused(Box(), {"inside", "before"})

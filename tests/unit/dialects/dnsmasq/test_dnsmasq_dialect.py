"""Which sets dnsmasq is told to fill, and what the file says of their limits."""

import pytest

from callgate.dialects.dnsmasq import Dnsmasq
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import Family
from tests.support.naming import named_policy, with_names


def text(**choices):
    (artifact,) = Dnsmasq().generate(named_policy(**choices))
    return artifact.text


def lines(**choices):
    return [line for line in text(**choices).splitlines() if not line.startswith("#")]


def test_each_family_goes_to_a_set_of_its_own():
    where = "4#inet#callgate#callgate_names_v4,6#inet#callgate#callgate_names_v6"
    assert f"nftset=/goto.com/{where}" in lines()
    assert all(line.startswith("nftset=/") for line in lines())


def test_a_family_that_the_site_does_not_use_gets_no_set():
    assert "nftset=/goto.com/6#inet#callgate#callgate_names_v6" in lines(families=(Family.V6,))


def test_ipset_and_how_its_sets_are_made():
    found = text(options={"sets": "ipset"})
    assert "\nipset=/goto.com/callgate_names_v4,callgate_names_v6\n" in found
    words = " ".join(found.replace("\n#", " ").split())
    assert "ipset -exist create callgate_names_v6 hash:ip family inet6 timeout 86400" in words


def test_the_sites_own_table():
    assert "nftset=/goto.com/4#inet#filter#callgate_names_v4" in (
        lines(options={"table": "inet filter"}, families=(Family.V4,))
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"table": "filter"}, "its family"),
        ({"table": "inet a#b"}, "its family"),
        ({"table": "inet a/b"}, "its family"),
        ({"sets": "pf"}, "no value of it"),
        ({"sets": "ipset", "table": "inet callgate"}, "in no table"),
    ],
)
def test_options_are_checked(options, said):
    with pytest.raises(UsageError, match=said):
        Dnsmasq().generate(named_policy(options=options))


def test_limits_are_said():
    found = " ".join(text().replace("\n#", " ").split())
    for words in ("addresses are shared", "Only answers that dnsmasq fetches", "cache fills"):
        assert words in found


def test_a_single_name_takes_what_is_below_it_and_that_is_said():
    policy = with_names(named_policy(), "apis.google.com")
    (artifact,) = Dnsmasq().generate(policy)
    assert "nftset=/apis.google.com/" in artifact.text
    assert "names below apis.google.com" in artifact.excess_note


def test_a_profile_without_names_is_refused():
    with pytest.raises(UnsupportedError, match="no domain"):
        Dnsmasq().generate(with_names(named_policy()))

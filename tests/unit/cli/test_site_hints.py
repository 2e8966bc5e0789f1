"""Mistakes on the command line about a site come with what would be right."""

import pytest

from callgate.cli.site_options import parse_merge_point, site_from
from callgate.errors import InputError, UsageError
from callgate.policy.site import POSITION_MAX


@pytest.mark.parametrize(
    "flags",
    [
        {"clients": ("hello",)},
        {"clients": ("192.0.2.0/24,192.0.2.0/33",)},
        {"resolvers": ("dns",)},
        {"networks": ("turn-networks=x",)},
        {"management": "nobody"},
    ],
)
def test_a_network_that_is_none_comes_with_an_example(flags):
    with pytest.raises(InputError) as caught:
        site_from(flags)
    assert all("192.0.2.0/24" in mistake.hint for mistake in caught.value.mistakes)


def test_a_better_hint_is_kept():
    with pytest.raises(InputError, match=r"did you mean 192\.0\.2\.0/24"):
        site_from({"clients": ("192.0.2.1/24",)})


@pytest.mark.parametrize("position", [1, 7, POSITION_MAX])
def test_positions_that_a_chain_can_have(position):
    assert parse_merge_point(f"filter/FORWARD:{position}").position == position


@pytest.mark.parametrize("position", ["0", "-1", "", "x", "²", str(POSITION_MAX + 1), "9" * 5000])
def test_positions_that_no_chain_has(position):
    with pytest.raises(UsageError, match=f"1 to {POSITION_MAX}") as caught:
        parse_merge_point(f"filter/FORWARD:{position}")
    assert caught.value.hint

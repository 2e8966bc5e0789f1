"""mitmproxy, NO_PROXY, Unbound and RPZ: what stands in their files; products judge elsewhere."""

from dataclasses import replace

import pytest

from callgate.dialects.mitmproxy import PORTS_LIMIT, Mitmproxy
from callgate.dialects.no_proxy import SIZE_LIMIT, NoProxy
from callgate.dialects.registry import find
from callgate.dialects.rpz import NAME_LIMIT, Rpz
from callgate.dialects.unbound import Unbound
from callgate.errors import UnsupportedError, UsageError
from callgate.flows import PortRange
from callgate.policy.model import Tunnel
from callgate.policy.site import Edge, Proxy
from tests.support.naming import named_policy, with_names

TARGETS = ("mitmproxy", "no-proxy", "unbound", "rpz")


def lines(dialect, policy):
    (artifact,) = dialect.generate(policy)
    return [line for line in artifact.text.splitlines() if line[0] not in "#;"]


@pytest.mark.parametrize("name", TARGETS)
def test_a_profile_without_names_is_refused(name):
    with pytest.raises(UnsupportedError, match="no domain"):
        find(name).generate(with_names(named_policy()))


@pytest.mark.parametrize("name", TARGETS)
def test_the_same_policy_gives_the_same_bytes(name):
    one, other = (find(name).generate(named_policy()) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("name", "excess"),
    [
        ("mitmproxy", ()),
        ("rpz", ()),
        ("no-proxy", ("themselves: goto.com", "below apis.google.com")),
        ("unbound", ("themselves: goto.com", "below apis.google.com")),
    ],
)
def test_excess_is_declared_in_the_file_and_beside_it(name, excess):
    policy = with_names(named_policy(), "*.goto.com", "apis.google.com")
    (artifact,) = find(name).generate(policy)
    assert bool(artifact.excess_note) is bool(excess)
    said = " ".join(artifact.text.replace("\n#", " ").split())
    assert artifact.excess_note in said
    assert all(words in artifact.excess_note for words in excess)


def test_mitmproxy_leaves_the_ports_of_the_scenario_alone():
    assert r"  - '^(?:[^.:]+\.)+goto\.com\.?:443$'" in lines(Mitmproxy(), named_policy())
    both = lines(Mitmproxy(), named_policy("turn-tcp-3478"))
    assert r"  - '^(?:[^.:]+\.)+goto\.com\.?:(?:443|3478)$'" in both


def test_mitmproxy_spells_out_few_ports_only():
    wide = (Tunnel((PortRange(1, PORTS_LIMIT + 1),)),)
    with pytest.raises(UnsupportedError, match=str(PORTS_LIMIT + 1)):
        Mitmproxy().generate(replace(named_policy(), tunnels=wide))


def test_no_proxy_is_one_list_in_both_spellings():
    policy = with_names(named_policy(), "*.goto.com", "apis.google.com", "goto.com")
    assert lines(NoProxy(), policy) == [
        "NO_PROXY=.apis.google.com,.goto.com",
        "no_proxy=.apis.google.com,.goto.com",
    ]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"proxy": Proxy("proxy.example", 3128)}, "past every proxy"),
        ({"edge": Edge.PROXY}, "for the clients"),
    ],
)
def test_no_proxy_is_refused_where_it_would_do_the_opposite(choices, said):
    with pytest.raises(UnsupportedError, match=said):
        NoProxy().generate(named_policy(**choices))


def test_no_proxy_is_refused_where_no_program_would_get_it():
    # Each name takes twelve bytes with its comma, the last one eleven.
    fitting = (SIZE_LIMIT + 1) // 12
    names = [f"d{number:05}.abc" for number in range(fitting + 1)]
    policy = named_policy()
    NoProxy().generate(with_names(policy, *names[:fitting]))
    with pytest.raises(UnsupportedError, match=f"{SIZE_LIMIT:,}"):
        NoProxy().generate(with_names(policy, *names))


def test_unbound_exempts_and_blocks_only_where_it_is_told_to():
    own = lines(Unbound(), with_names(named_policy(), "*.goto.com"))
    assert own == ["server:", '    local-zone: "goto.com." always_transparent']
    alone = lines(Unbound(), with_names(named_policy(options={"others": "nxdomain"}), "*.goto.com"))
    assert alone == [*own, '    local-zone: "." always_nxdomain']
    with pytest.raises(UsageError, match="no value of it"):
        Unbound().generate(named_policy(options={"others": "drop"}))


def test_rpz_keeps_the_pattern_as_it_is():
    policy = with_names(named_policy(), "*.goto.com", "apis.google.com")
    assert lines(Rpz(), policy)[3:] == [
        "apis.google.com IN CNAME rpz-passthru.",
        "*.goto.com IN CNAME rpz-passthru.",
    ]


def test_rpz_names_the_length_that_is_too_much():
    label = "a" * 60
    fits = ".".join([label] * 4)[-NAME_LIMIT:]
    Rpz().generate(with_names(named_policy(), fits))
    with pytest.raises(UnsupportedError, match=f"at most {NAME_LIMIT}"):
        Rpz().generate(with_names(named_policy(), f"*.{fits}"))

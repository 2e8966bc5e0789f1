"""The texts that faults become, without a network."""

from callgate.lab.atlas import Atlas
from callgate.lab.breakage import Breakage, tables
from callgate.lab.faults import find, names
from callgate.lab.faults.changes import Nft, Proxy
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile

ATLAS = Atlas.of(find_profile("goto"), Site())


def test_rules_are_one_table_for_each_node_and_keep_their_order():
    found = tables(
        [
            Nft("isp", "in", "one"),
            Nft("turn", "in", "two"),
            Nft("isp", "dnat", "three"),
            Nft("isp", "in", "four"),
        ],
        {},
    )
    assert set(found) == {"isp", "turn"}
    assert found["isp"].index("one") < found["isp"].index("four") < found["isp"].index("three")
    assert "two" not in found["isp"]
    assert "hook prerouting priority -110" in found["isp"]


def test_a_table_replaces_the_one_before():
    (text,) = tables([Nft("isp", "in", "drop")], {}).values()
    assert text.startswith("table inet callgate_fault\ndelete table inet callgate_fault\n")


def test_names_and_addresses_are_filled_in():
    (text,) = tables([Nft("isp", "in", "ip6 daddr {v6} th dport { 1, 2 }")], {"v6": "::1"}).values()
    assert "ip6 daddr ::1 th dport { 1, 2 }" in text


def test_domains_are_as_squid_takes_them(tmp_path):
    filled = Breakage.filled("acl a dstdomain {domains}", ATLAS, tmp_path)
    words = filled.split()[3:]
    assert ".goto.com" in words
    # One that covers another makes Squid refuse to start.
    assert not any(one != other and one.endswith(other) for one in words for other in words)


def test_nothing_in_a_fault_is_left_to_be_filled_in(tmp_path):
    known = ("{turn_name}", "{domains}", "{proxy_v6}", "{folder}")
    for fault in map(find, names()):
        breakage = Breakage([fault])
        text = Breakage.filled(breakage.proxy.directives, ATLAS, tmp_path)
        assert not any(each in text for each in known), fault.name


def test_without_faults_nothing_is_changed():
    assert Breakage().proxy == Proxy()
    assert not Breakage().frozen
    assert not Breakage().touches_proxy


def test_a_proxy_is_started_again_only_when_it_may_have_learnt_something_wrong():
    touched = {name: Breakage([find(name)]).touches_proxy for name in names()}
    assert touched["turn-refuses"]
    assert touched["dns-nxdomain-everywhere"]
    assert touched["proxy-hangs"]
    assert not touched["tcp-443-drop"]
    assert not touched["udp-drop"]

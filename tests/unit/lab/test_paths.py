from callgate.lab import paths
from callgate.lab.atlas import Atlas
from callgate.lab.ladder import NONE
from callgate.policy.site import Site
from callgate.profiles.loader import find

ATLAS = Atlas.of(find("goto"), Site())
LISTING = """\
udp      17 29 src=192.0.2.10 dst=203.0.113.20 sport=40000 dport=3478 packets=9 bytes=900 \
src=203.0.113.20 dst=198.51.100.2 sport=3478 dport=40000 packets=8 bytes=800 mark=0 use=1
tcp      6 119 ESTABLISHED src=198.51.100.8 dst=203.0.113.20 sport=40001 dport=443 packets=9 \
bytes=500 src=203.0.113.20 dst=198.51.100.2 sport=443 dport=40001 packets=8 bytes=400 [ASSURED]
icmp     1 29 src=192.0.2.10 dst=203.0.113.20 type=8 code=0 id=1 packets=1 bytes=84 [UNREPLIED]
udp      17 29 src=192.0.2.10 dst=198.51.100.45 sport=40002 dport=45123 packets=1 bytes=100 \
[UNREPLIED] src=198.51.100.45 dst=198.51.100.2 sport=45123 dport=40002 packets=0 bytes=0
tcp      6 119 ESTABLISHED src=192.0.2.10 dst=198.51.100.45 sport=40003 dport=443 packets=9 \
bytes=7000 src=198.51.100.45 dst=198.51.100.2 sport=443 dport=40003 packets=8 bytes=7000
"""


def test_both_directions_are_read_and_what_has_no_ports_is_left_out():
    found = paths.read(LISTING)
    assert len(found) == 4
    assert found["udp", "192.0.2.10", "203.0.113.20", 40000, 3478] == (900, 800)
    assert found["udp", "192.0.2.10", "198.51.100.45", 40002, 45123] == (100, 0)


def test_connections_become_paths_and_signalling_is_none():
    assert paths.by_path(ATLAS, paths.read(LISTING)) == {
        "udp-relay": (900, 800),
        "tls-relay@proxy": (500, 400),
        "udp-direct": (100, 0),
    }


def test_a_path_that_nobody_planned_has_a_name_too():
    stray = {("udp", "192.0.2.10", ATLAS.turn.v4, 40000, 443): (10, 10)}
    assert paths.by_path(ATLAS, stray) == {"udp/443": (10, 10)}


def test_only_what_was_carried_in_between_counts():
    key = ("udp", "192.0.2.10", "203.0.113.20", 40000, 3478)
    new = ("udp", "192.0.2.10", "203.0.113.20", 40001, 3478)
    assert paths.grown({key: (900, 800)}, {key: (1000, 1000), new: (5, 6)}) == {
        key: (100, 200),
        new: (5, 6),
    }


def test_a_path_counts_when_it_carries_the_media_both_ways():
    assert paths.travelled({"udp-relay": (1000, 1000)}, 1000) == "udp-relay"
    assert paths.travelled({"udp-relay": (1000, 999)}, 1000) == NONE
    assert paths.travelled({}, 1000) == NONE
    assert paths.travelled({"udp-relay": (1000, 400)}, 1000, 0.4) == "udp-relay"
    assert paths.travelled({"udp-relay": (1000, 399)}, 1000, 0.4) == NONE
    assert paths.travelled({"udp-relay": (900, 400), "tls-relay": (199, 199)}, 1000, 0.4) == (
        "udp-relay"
    )


def test_media_on_two_paths_is_no_path():
    one_way_each = {"udp-relay": (1000, 1000), "tls-relay": (300, 300)}
    assert paths.travelled(one_way_each, 1000) == paths.SPLIT
    assert paths.travelled({"udp-relay": (1000, 1000), "tls-relay": (90, 90)}, 1000) == "udp-relay"

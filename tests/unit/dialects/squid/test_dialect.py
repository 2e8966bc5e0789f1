"""What stands in the files, line by line; the running Squid judges them elsewhere."""

from ipaddress import ip_network

import pytest

from callgate.dialects.squid import Squid
from callgate.errors import UnsupportedError, UsageError
from callgate.policy.site import Inspection, Proxy
from tests.support.naming import named_policy, with_names
from tests.support.policies import TURN

PROXY = Proxy("proxy.example", 8080, tuple(map(ip_network, ("192.0.2.8", "2001:db8::8"))))
ALLOW = "http_access allow callgate_clients callgate_connect"


def lines(*arguments, **choices):
    (artifact,) = Squid().generate(named_policy(*arguments, **choices))
    return [line for line in artifact.text.splitlines() if not line.startswith("#")]


def comments(**choices):
    (artifact,) = Squid().generate(named_policy(**choices))
    return " ".join(
        line.lstrip("# ") for line in artifact.text.splitlines() if line.startswith("#")
    )


def starting(found, word):
    return [line for line in found if line.startswith(word)]


def test_names_are_in_the_form_that_squid_matches_and_never_looked_up_backwards():
    found = starting(lines(), "acl callgate_names ")
    assert "acl callgate_names dstdomain -n .goto.com" in found
    assert all(" dstdomain -n ." in line and "*" not in line for line in found)


def test_plain_has_no_word_about_tls():
    assert not [line for line in lines() if "ssl" in line or "upgrade" in line]


def test_requests_are_decided_in_this_order():
    assert starting(lines(), "http_access") == [
        f"{ALLOW} callgate_ports callgate_names",
        "http_access deny all",
    ]


def test_tls_is_decided_in_this_order():
    found = lines(inspection=Inspection.ALL)
    assert starting(found, "ssl_bump") == [
        "ssl_bump splice callgate_names",
        "ssl_bump peek callgate_step1",
        "ssl_bump splice callgate_sni",
        "ssl_bump bump all",
    ]
    assert "http_upgrade_request_protocols websocket allow all" in found
    assert "acl callgate_sni ssl::server_name .goto.com" in found


@pytest.mark.parametrize(("block", "last"), [(None, "terminate all"), (False, "splice all")])
def test_splice_opens_nothing(block, last):
    found = lines(options={"tls": "splice"}, block=block)
    assert starting(found, "ssl_bump")[-1] == f"ssl_bump {last}"
    assert not [line for line in found if "bump all" in line]


def test_port_3478_and_its_networks_come_with_the_scenario_that_needs_them():
    found = lines("turn-tcp-3478", options={"tls": "bump"})
    assert starting(found, "acl callgate_ports") == [
        "acl callgate_ports port 3478",
        "acl callgate_ports port 443",
    ]
    assert starting(found, "acl callgate_relays") == [
        f"acl callgate_relays dst -n {network}" for network in TURN
    ]
    assert f"{ALLOW} callgate_relay_ports callgate_relays" in found
    assert "acl callgate_relay_ports port 3478" in found
    assert starting(found, "ssl_bump")[1] == "ssl_bump splice callgate_relays"
    assert "3478" not in "".join(lines("turn-tcp-443"))


def test_networks_that_nobody_supplied_are_said_and_not_guessed():
    choices = {"scenario": "turn-tcp-3478", "turn": ()}
    assert "callgate_relays" not in "".join(lines(**choices))
    assert "turn-networks was not supplied" in comments(**choices)


def test_without_a_block_the_clients_other_web_traffic_passes_and_strangers_do_not():
    found = starting(lines("turn-tcp-3478", block=False), "http_access")
    assert found[2:] == [
        "http_access deny !callgate_web",
        "http_access deny callgate_connect !callgate_https",
        "http_access allow callgate_clients",
        "http_access deny all",
    ]


def test_a_fragment_decides_on_the_application_only():
    found = lines(merge=True, options={"tls": "bump"})
    assert starting(found, "http_access") == [f"{ALLOW} callgate_ports callgate_names"]
    assert starting(found, "ssl_bump")[-1] == "ssl_bump splice callgate_sni"
    assert not starting(found, "http_port")
    assert "http_upgrade_request_protocols websocket allow callgate_names" in found
    assert "before the first http_access" in comments(merge=True)


def test_a_fragment_with_a_block_blocks_the_clients_only():
    found = starting(lines(merge=True, block=True), "http_access")
    assert found[-1] == "http_access deny callgate_clients"


@pytest.mark.parametrize(
    ("proxy", "listeners"),
    [
        (None, ["http_port 3128"]),
        (Proxy("proxy.example", 8080), ["http_port 8080"]),
        (PROXY, ["http_port 192.0.2.8:8080", "http_port [2001:db8::8]:8080"]),
    ],
)
def test_it_listens_where_the_site_says_that_its_proxy_is(proxy, listeners):
    assert starting(lines(proxy=proxy), "http_port") == listeners


def test_paths_of_the_authority_come_from_options():
    paths = {"certificate": "/a/ca.pem", "store": "/b/db", "helper": "/c/certgen"}
    found = lines(options={"tls": "bump", **paths})
    assert "tls-cert=/a/ca.pem" in found[0]
    assert found[1] == "sslcrtd_program /c/certgen -s /b/db -M 4MB"


@pytest.mark.parametrize(
    ("options", "choices", "said"),
    [
        ({"tls": "open"}, {}, "no value of it"),
        ({"tsl": "bump"}, {}, "did you mean 'tls'"),
        ({"tls": "bump", "store": "db"}, {}, "absolute path"),
        ({"tls": "bump", "store": "/a b"}, {}, "absolute path"),
        ({"store": "/db"}, {}, "would do nothing"),
        ({"tls": "bump", "certificate": "/ca.pem"}, {"merge": True}, "would do nothing"),
    ],
)
def test_options_are_checked(options, choices, said):
    with pytest.raises(UsageError, match=said):
        Squid().generate(named_policy(options=options, **choices))


def test_a_proxy_for_everyone_is_refused():
    with pytest.raises(UsageError, match="whom it serves"):
        Squid().generate(named_policy(clients=()))


def test_a_profile_without_names_is_refused():
    with pytest.raises(UnsupportedError, match="no domain"):
        Squid().generate(with_names(named_policy()))


def test_the_apex_is_declared():
    (artifact,) = Squid().generate(named_policy())
    assert "goto.com" in artifact.excess_note
    assert artifact.excess_note.replace(",", "") in comments().replace(",", "")


def test_names_that_stop_squid_when_they_stand_together_do_not():
    policy = with_names(named_policy(), "*.goto.com", "goto.com", "meet.goto.com")
    (artifact,) = Squid().generate(policy)
    assert [line for line in artifact.text.splitlines() if " dstdomain " in line] == [
        "acl callgate_names dstdomain -n .goto.com"
    ]
    assert not artifact.excess_note

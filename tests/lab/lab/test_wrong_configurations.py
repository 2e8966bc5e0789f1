"""What administrators get wrong is caught, and the report names it."""

import pytest

from callgate.cli.main import run
from callgate.dialects import registry
from callgate.lab.atlas import Atlas
from callgate.lab.campaign import example_site
from callgate.policy.build import build
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.requirements import require
from tests.support.broken import edited

pytestmark = pytest.mark.lab

NETWORKS = "203.0.113.0/24,2001:db8:3478::/48"
FLAGS = ["--client", "192.0.2.0/24,2001:db8:1::/48", "--network", f"turn-networks={NETWORKS}"]
MEDIA = "ip saddr 192.0.2.0/24 ip daddr 203.0.113.0/24 udp dport 3478"
WEB = "ip saddr 192.0.2.0/24 tcp dport 443"
DIRECT = "ip saddr 192.0.2.0/24 udp dport 45000-49999"
BACK = "ct state established accept"
TURN = "203.0.113."

#: Name: scenario, what is replaced, by what, and what must be said.
MISTAKES = {
    "no state rule": ("turn-udp", BACK, "", "no answer comes back: udp 3478"),
    "state rule for TCP only": (
        "turn-udp",
        BACK,
        "meta l4proto tcp ct state established accept",
        "no answer comes back: udp 3478",
    ),
    "media port off by one": (
        "turn-udp",
        MEDIA,
        MEDIA.replace("3478", "3479"),
        f"closed, should be open: udp 3478 to {TURN}",
    ),
    "TCP instead of UDP": (
        "turn-udp",
        MEDIA,
        MEDIA.replace("udp", "tcp"),
        f"closed, should be open: udp 3478 to {TURN}",
    ),
    "turn-networks missing": (
        "turn-udp",
        f"{MEDIA} ct state new accept",
        "",
        f"closed, should be open: udp 3478 to {TURN}",
    ),
    "turn-networks too long a prefix": (
        "turn-udp",
        MEDIA,
        MEDIA.replace("203.0.113.0/24", "203.0.113.128/25"),
        f"closed, should be open: udp 3478 to {TURN}",
    ),
    "turn-networks forgotten in the rule": (
        "turn-udp",
        MEDIA,
        "ip saddr 192.0.2.0/24 udp dport 3478",
        "open, should be closed: udp 3478 to",
    ),
    "UDP 443 left open": (
        "turn-udp",
        WEB,
        "ip saddr 192.0.2.0/24 meta l4proto { tcp, udp } th dport 443",
        "open, should be closed: udp 443 to",
    ),
    "signalling closed": (
        "turn-udp",
        f"{WEB} ct state new accept",
        "",
        "closed, should be open: tcp 443 to",
    ),
    "DNS closed": (
        "turn-udp",
        "ip saddr 192.0.2.0/24 ip daddr 198.51.100.53 udp dport 53 ct state new accept",
        "",
        "closed, should be open: udp 53 to 198.51.100.53",
    ),
    "range starts too late": (
        "unrestricted",
        DIRECT,
        DIRECT.replace("45000", "45001"),
        "closed, should be open: udp 45000 to",
    ),
    "range ends too early": (
        "unrestricted",
        DIRECT,
        DIRECT.replace("49999", "49998"),
        "closed, should be open: udp 49999 to",
    ),
    "ends of the range as two ports": (
        "unrestricted",
        DIRECT,
        DIRECT.replace("45000-49999", "{ 45000, 49999 }"),
        "closed, should be open: udp 45001-49998",
    ),
    "3478 closed": (
        "turn-tcp-3478",
        "ip saddr 192.0.2.0/24 ip daddr 203.0.113.0/24 tcp dport 3478 ct state new accept",
        "",
        "closed, should be open: tcp 3478 to",
    ),
    "policy accept, no block": (
        "turn-tcp-443",
        "counter reject with icmpx admin-prohibited",
        "accept",
        "open, should be closed: udp",
    ),
    "answers told by their source port": (
        "turn-tcp-443",
        BACK,
        "tcp sport 443 accept",
        "open, should be closed: tcp",
    ),
}


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "conntrack", "turnserver", "squid")


def generated(scenario):
    profile = find("goto")
    site = example_site(profile, Site())
    policy = build(profile, Atlas.of(profile, site).site(site, proxied=False), (scenario,))
    return registry.find("nftables").generate(policy)[0].text


def judge(tmp_path, scenario, text):
    path = tmp_path / "my.nft"
    path.write_text(text)
    arguments = ["lab", "run", "goto", "--scenario", scenario, "--config", str(path)]
    return run([*arguments, *FLAGS, "--family", "4"])


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_caught_and_named(tmp_path, capsys, name):
    scenario, old, new, said = MISTAKES[name]
    assert judge(tmp_path, scenario, edited(generated(scenario), old, new)) == 1
    assert said in capsys.readouterr().out


def test_the_right_file_passes(tmp_path, capsys):
    assert judge(tmp_path, "turn-udp", generated("turn-udp")) == 0
    out = capsys.readouterr().out
    assert "wrong" not in out
    assert "should be" not in out


def test_a_file_that_the_kernel_refuses_is_an_error_with_its_words(tmp_path, capsys):
    assert judge(tmp_path, "turn-udp", "table inet x { chain y { nonsense; } }\n") == 2
    assert "nonsense" in capsys.readouterr().err

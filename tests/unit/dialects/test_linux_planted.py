"""nftables and iptables with a mistake that we planted: the verdict, and the line to blame."""

import pytest

from callgate.check import Prepared, Question, explain
from callgate.dialects.iptables.reading import IptablesReader
from callgate.dialects.nftables.reading import NftablesReader
from tests.support.verdicts import packet

TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
TURN2 = "udp 192.0.2.7#51000 > 198.51.100.200#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
SSH = "tcp 192.0.2.7#51000 > 203.0.113.7#22"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"


def ask(reader, text, what, incoming=None, outgoing=None):
    """The verdict of the way forward, and the text of the line that decides."""
    prepared = Prepared(reader.parse(text, "f"))
    entry = next(each.name for each in prepared.ruleset.entries if each.hook == "forward")
    question = Question(entry, in_interface=incoming, out_interface=outgoing)
    answer = explain(prepared, question, packet(what))
    line = answer.evidence[0].line if answer.evidence else None
    return str(answer.verdict), line.text if line else ""


def nft(*rules, sets="", policy="drop"):
    lines = "".join(f"\t\t{rule}\n" for rule in rules)
    return (
        f"table inet filter {{\n{sets}\tchain calls {{\n\t\tudp dport 3478 accept\n\t}}\n"
        f"\tchain forward {{\n\t\ttype filter hook forward priority filter; policy {policy};\n"
        f"{lines}\t}}\n}}\n"
    )


RIGHT = "ip daddr 198.51.100.0/25 udp dport 3478 accept"
RELAYS = (
    "\tset relays {\n\t\ttype ipv4_addr\n\t\tflags interval\n"
    "\t\telements = { 198.51.100.0/25 }\n\t}\n"
)
MAP = "udp dport vmap { 3478 : accept, 3479 : drop }"
DROP = "policy drop"
NFT = {
    "right": (nft(RIGHT), TURN, "satisfied", RIGHT),
    "wrong port": (nft("udp dport 3479 accept"), TURN, "blocked", DROP),
    "range one too short": (nft("udp dport 3400-3477 accept"), TURN, "blocked", DROP),
    "tcp instead of udp": (nft("tcp dport 3478 accept"), TURN, "blocked", DROP),
    "wrong order": (nft("udp dport 3478 drop", RIGHT), TURN, "blocked", "udp dport 3478 drop"),
    "a comment switched it off": (nft(f"# {RIGHT}"), TURN, "blocked", DROP),
    "network lacks the server": (nft(RIGHT), TURN2, "blocked", DROP),
    "a set lacks one network": (
        nft("ip daddr @relays udp dport 3478 accept", sets=RELAYS), TURN2, "blocked", DROP),
    "in a set": (
        nft("ip daddr @relays udp dport 3478 accept", sets=RELAYS), TURN, "satisfied",
        "ip daddr @relays udp dport 3478 accept"),
    "in a map of verdicts": (nft(MAP), TURN, "satisfied", MAP),
    "by a jump": (nft("jump calls"), TURN, "satisfied", "udp dport 3478 accept"),
    "a jump that others take": (nft("tcp dport 443 jump calls"), TURN, "blocked", DROP),
    "a goto does not come back": (
        nft("goto calls", "tcp dport 443 accept"), HTTPS, "blocked", DROP),
    "v6 forgotten": (nft("ip protocol udp udp dport 3478 accept"), SIX, "blocked", DROP),
    "both families": (nft("udp dport 3478 accept"), SIX, "satisfied", "udp dport 3478 accept"),
    "any-any left open": (nft("accept"), SSH, "satisfied", "accept"),
    "policy left open": (nft(RIGHT, policy="accept"), SSH, "satisfied", "policy accept"),
    "only what is established": (
        nft("ct state established udp dport 3478 accept"), TURN, "blocked", DROP),
    "rejected": (nft("udp dport 3478 reject"), TURN, "blocked", "udp dport 3478 reject"),
    "by rate": (nft("udp dport 3478 limit rate 5/second accept"), TURN, "depends", DROP),
    "negated": (
        nft("ip daddr != 198.51.100.0/25 udp dport 3478 accept"), TURN, "blocked", DROP),
    "source ports": (nft("udp sport 3478 accept"), TURN, "blocked", DROP),
}  # fmt: skip


@pytest.mark.parametrize("name", NFT)
def test_nftables(name):
    text, what, verdict, line = NFT[name]
    assert ask(NftablesReader(), text, what) == (verdict, line)


def test_nftables_by_the_wrong_interface():
    text = nft('iifname "lan" udp dport 3478 accept')
    assert ask(NftablesReader(), text, TURN, "lan", "wan")[0] == "satisfied"
    assert ask(NftablesReader(), text, TURN, "dmz", "wan") == ("blocked", DROP)


def restore(*rules, policy="DROP", chains=""):
    lines = "".join(f"{rule}\n" for rule in rules)
    return (
        f"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD {policy} [0:0]\n:OUTPUT ACCEPT [0:0]\n{chains}"
        f"{lines}COMMIT\n"
    )


GOOD = "-A FORWARD -d 198.51.100.0/25 -p udp -m udp --dport 3478 -j ACCEPT"
UDP = "-A FORWARD -p udp -m udp --dport 3478 -j {}"
CALLS = ":CALLS - [0:0]\n"
INNER = "-A CALLS -p udp -m udp --dport 3478 -j ACCEPT"
END = ":FORWARD DROP [0:0]"
IPTABLES = {
    "right": (restore(GOOD), TURN, "satisfied", GOOD),
    "wrong port": (restore(GOOD.replace("3478", "3479")), TURN, "blocked", END),
    "range one too short": (restore(GOOD.replace("3478", "3400:3477")), TURN, "blocked", END),
    "tcp instead of udp": (restore(GOOD.replace("udp", "tcp")), TURN, "blocked", END),
    "wrong order": (restore(UDP.format("DROP"), GOOD), TURN, "blocked", UDP.format("DROP")),
    "a comment switched it off": (restore(f"# {GOOD}"), TURN, "blocked", END),
    "network lacks the server": (restore(GOOD), TURN2, "blocked", END),
    "another chain": (restore(GOOD.replace("FORWARD", "INPUT")), TURN, "blocked", END),
    "by a jump": (restore("-A FORWARD -j CALLS", INNER, chains=CALLS), TURN, "satisfied", INNER),
    "nobody jumps there": (restore(INNER, chains=CALLS), TURN, "blocked", END),
    "a jump that others take": (
        restore("-A FORWARD -p tcp -j CALLS", INNER, chains=CALLS), TURN, "blocked", END),
    "a return before it": (
        restore("-A FORWARD -j CALLS", "-A CALLS -p udp -j RETURN", INNER, chains=CALLS),
        TURN, "blocked", END),
    "a goto does not come back": (
        restore("-A FORWARD -g CALLS", INNER, GOOD.replace("udp", "tcp"), chains=CALLS),
        HTTPS, "blocked", END),
    "negated": (restore(GOOD.replace("-d 1", "! -d 1")), TURN, "blocked", END),
    "several ports": (
        restore("-A FORWARD -p udp -m multiport --dports 3478,45000:49999 -j ACCEPT"), TURN,
        "satisfied", "-A FORWARD -p udp -m multiport --dports 3478,45000:49999 -j ACCEPT"),
    "several ports without this one": (
        restore("-A FORWARD -p udp -m multiport --dports 443,45000:49999 -j ACCEPT"), TURN,
        "blocked", END),
    "any-any left open": (
        restore("-A FORWARD -j ACCEPT"), SSH, "satisfied", "-A FORWARD -j ACCEPT"),
    "policy left open": (
        restore(GOOD, policy="ACCEPT"), SSH, "satisfied", ":FORWARD ACCEPT [0:0]"),
    "only what is established": (
        restore("-A FORWARD -p udp -m conntrack --ctstate ESTABLISHED -j ACCEPT"), TURN,
        "blocked", END),
    "rejected": (restore(UDP.format("REJECT")), TURN, "blocked", UDP.format("REJECT")),
    "by rate": (
        restore("-A FORWARD -p udp -m udp --dport 3478 -m limit --limit 5/sec -j ACCEPT"), TURN,
        "depends", END),
    "a set without contents": (
        restore("-A FORWARD -p udp -m set --match-set relays dst -j ACCEPT"), TURN,
        "depends", END),
    "source ports": (restore(UDP.replace("dport", "sport").format("ACCEPT")), TURN, "blocked", END),
}  # fmt: skip


@pytest.mark.parametrize("name", IPTABLES)
def test_iptables(name):
    text, what, verdict, line = IPTABLES[name]
    assert ask(IptablesReader(), text, what) == (verdict, line)


def test_iptables_by_the_wrong_interface():
    text = restore(GOOD.replace("-d 1", "-i lan -d 1"))
    assert ask(IptablesReader(), text, TURN, "lan", "wan")[0] == "satisfied"
    assert ask(IptablesReader(), text, TURN, "dmz", "wan") == ("blocked", END)


def test_v6_forgotten_is_another_file_and_so_unknown():
    assert ask(IptablesReader(), restore(GOOD), SIX)[0] == "unknown"

"""Exports with a mistake that we planted: the verdict, and the rule that is blamed."""

import json

import pytest

from callgate.dialects.windows import WindowsReader
from callgate.errors import InputError
from tests.support.verdicts import ask, ask_back
from tests.support.windows import ANY, BUILT_IN, export, rule

TURN = "udp 192.0.2.7#51000 > 198.51.100.7#3478"
SIX = "udp 2001:db8::7#51000 > 2001:db8:1::7#3478"
HTTPS = "tcp 192.0.2.7#51000 > 203.0.113.7#443"
OUT = "outbound"
ALLOW = "media: True Outbound Allow UDP 3478 198.51.100.0/255.255.255.0"
DEFAULT = (
    "profile Domain: Enabled True, DefaultInboundAction Block, DefaultOutboundAction Block, "
    "AllowInboundRules NotConfigured, AllowLocalFirewallRules NotConfigured"
)
BLOCK = rule("no udp", Action="Block", RemotePort=ANY, RemoteAddress=ANY)
PLANTED = {
    "right": ([rule()], TURN, "satisfied", ALLOW),
    "among what Windows brings along": (
        [*BUILT_IN, rule()], TURN, "satisfied", ALLOW),
    "wrong port": ([rule(RemotePort=["3479"])], TURN, "blocked", DEFAULT),
    "local port for the remote one": (
        [rule(LocalPort=["3478"], RemotePort=ANY)], TURN, "blocked", DEFAULT),
    "range one too short": ([rule(RemotePort=["3400-3477"])], TURN, "blocked", DEFAULT),
    "tcp instead of udp": ([rule(Protocol="TCP")], TURN, "blocked", DEFAULT),
    "protocol by number": (
        [rule(Protocol="17")], TURN, "satisfied", ALLOW.replace("UDP", "17")),
    "disabled": ([rule(Enabled="False")], TURN, "blocked", DEFAULT),
    "inbound instead of outbound": ([rule(Direction="Inbound")], TURN, "blocked", DEFAULT),
    "network lacks the server": (
        [rule(RemoteAddress=["198.51.100.128-198.51.100.255"])], TURN, "blocked", DEFAULT),
    "v6 forgotten": (
        [rule(RemoteAddress=["0.0.0.0/1", "128.0.0.0/1"])], SIX, "blocked", DEFAULT),
    "a block beats every allow, whatever the order": (
        [rule(), BLOCK], TURN, "blocked", "no udp: True Outbound Block UDP"),
    "unless the allow overrides blocks": (
        [BLOCK, rule(OverrideBlockRules=True)], TURN, "satisfied", ALLOW),
    "another program": ([rule(Program="C:\\app.exe")], TURN, "depends", DEFAULT),
    "another service": ([rule(Service="dnscache")], TURN, "depends", DEFAULT),
    "a user of the machine": ([rule(LocalUser="D:(A;;CC;;;S-1-5-21)")], TURN, "depends", DEFAULT),
    "only the local subnet": ([rule(RemoteAddress=["LocalSubnet"])], TURN, "depends", DEFAULT),
    "only where IPsec is": ([rule(Authentication="Required")], TURN, "depends", DEFAULT),
    "only by one kind of interface": (
        [rule(InterfaceType="Wireless")], TURN, "depends", DEFAULT),
    "a field nobody knows": ([rule(Moon="full")], TURN, "depends", DEFAULT),
    "a port that is none": ([rule(RemotePort=["70000"])], TURN, "depends", DEFAULT),
    "an action that is none": (
        [rule(Action="Maybe")], TURN, "unknown", ALLOW.replace("Allow", "Maybe")),
    "any-any left open": (
        [rule("all", Protocol="Any", RemotePort=ANY, RemoteAddress=ANY)],
        HTTPS, "satisfied", "all: True Outbound Allow"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_mistake_is_found(name):
    rules, packet, verdict, line = PLANTED[name]
    assert ask(WindowsReader(), export(*rules), packet, OUT) == (verdict, line)


def test_the_default_of_a_profile_decides_what_no_rule_takes():
    allow = {"DefaultOutboundAction": "NotConfigured"}
    text = export(rule(), Domain=allow, Private=allow, Public=allow)
    assert ask(WindowsReader(), text, HTTPS, OUT)[0] == "satisfied"
    assert ask(WindowsReader(), text, "tcp 198.51.100.7#1 > 192.0.2.7#22", "inbound")[0] == (
        "blocked"
    )


def test_profiles_are_ways_of_their_own_where_they_differ():
    text = export(rule(Profile="Domain, Private"))
    ruleset = WindowsReader().parse(text, "f")
    assert {e.name for e in ruleset.entries if e.hook == "output"} == {
        "outbound domain",
        "outbound private",
        "outbound public",
    }
    assert ask(WindowsReader(), text, TURN, "outbound private")[0] == "satisfied"
    assert ask(WindowsReader(), text, TURN, "outbound public")[0] == "blocked"


def test_the_present_connection_names_the_way():
    text = export(rule(Profile="Public"), connections=["Public"])
    ruleset = WindowsReader().parse(text, "f")
    assert [e.chains for e in ruleset.entries if e.hook == "output"] == [("outbound public",)]
    assert ask(WindowsReader(), text, TURN, OUT)[0] == "satisfied"


def test_a_profile_that_is_off_passes_everything():
    text = export(BLOCK, Public={"Enabled": "False"})
    assert ask(WindowsReader(), text, TURN, "outbound public")[0] == "satisfied"
    assert ask(WindowsReader(), text, TURN, "outbound domain")[0] == "blocked"


def test_shields_up_ignores_what_is_allowed_in():
    ssh = rule("ssh", Direction="Inbound", Protocol="TCP", LocalPort=["22"], RemotePort=ANY)
    packet = "tcp 198.51.100.7#1 > 192.0.2.7#22"
    assert ask(WindowsReader(), export(ssh), packet, "inbound")[0] == "satisfied"
    shut = export(
        ssh, **{n: {"AllowInboundRules": "False"} for n in ("Domain", "Private", "Public")}
    )
    assert ask(WindowsReader(), shut, packet, "inbound")[0] == "blocked"


def test_answers_pass():
    assert ask_back(WindowsReader(), export(rule()), TURN, OUT) == "satisfied"


def test_what_is_a_condition_is_reported_with_its_place():
    text = export(rule(Program="C:\\app.exe", RemoteAddress=["LocalSubnet"]))
    ruleset = WindowsReader().parse(text, "f")
    line = text.splitlines().index('      "Name": "media",')
    assert {(each.text, each.place.line) for each in ruleset.unmodelled} == {
        ("Program is C:\\app.exe", line),
        ("RemoteAddress is LocalSubnet", line),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Schema": "callgate.windows-export/9"}, "Schema is to be"),
        ({"Rules": None}, "no list of Rules"),
        ({"Profiles": []}, "lacks the profile domain, private, public"),
    ],
)
def test_what_is_no_export_is_refused(change, said):
    text = json.dumps(json.loads(export(rule())) | change)
    with pytest.raises(InputError, match=said):
        WindowsReader().parse(text, "f")


NEW = "New-NetFirewallRule -DisplayName 'a' -Direction Outbound -Protocol UDP -RemotePort 3478"
LISTS = (
    "New-NetFirewallRule -Direction Outbound -Action Allow -Protocol UDP "
    "-RemotePort '3478','3479' -RemoteAddress \"198.51.100.0/24\", 203.0.113.0/24"
)
BLOCKED = f"{NEW}\nSet-NetFirewallProfile -All -DefaultOutboundAction Block"
SCRIPTS = {
    "a block by default": (BLOCKED, TURN, "satisfied", NEW),
    "no default is said": (NEW, HTTPS, "unknown", "profile domain: the default is not said here"),
    "quoted lists": (LISTS, TURN, "satisfied", LISTS),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script(name):
    text, packet, verdict, line = SCRIPTS[name]
    entry = WindowsReader().parse(text, "f").entries[0].name
    assert ask(WindowsReader(), text, packet, entry) == (verdict, line)


@pytest.mark.parametrize(
    "line",
    [
        "Remove-NetFirewallRule -All",
        "New-NetFirewallRule -RemotePort $ports",
        "New-NetFirewallRule -RemotePort (Get-Port)",
        "if ($x) { New-NetFirewallRule -RemotePort 3478 }",
        "New-NetFirewallRule -RemotePort 3478; Remove-Item x",
        "New-NetFirewallRule Outbound",
        'New-NetFirewallRule -DisplayName "$name"',
    ],
)
def test_whatever_else_stands_in_a_script_is_reported(line):
    ruleset = WindowsReader().parse(f"{NEW}\n{line}\n", "f")
    assert [(each.text, each.place.line) for each in ruleset.unmodelled] == [(line, 2)]


def test_a_text_without_rules_is_refused():
    with pytest.raises(InputError, match="no New-NetFirewallRule"):
        WindowsReader().parse("# nothing\n", "f")

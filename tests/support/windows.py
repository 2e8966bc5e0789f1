"""Exports of the Windows firewall, as our script prints them on Windows 10 and 11."""

import json

ANY = ["Any"]
PROFILE = {
    "Enabled": "True",
    "DefaultInboundAction": "Block",
    "DefaultOutboundAction": "Block",
    "AllowInboundRules": "NotConfigured",
    "AllowLocalFirewallRules": "NotConfigured",
}


def rule(name="media", **fields):
    """A rule that allows UDP 3478 out, with some fields changed."""
    return {
        "Name": name, "DisplayName": name, "Group": None, "Enabled": "True",
        "Direction": "Outbound", "Action": "Allow", "Profile": "Any", "Protocol": "UDP",
        "LocalPort": ANY, "RemotePort": ["3478"], "IcmpType": ANY, "DynamicTarget": "Any",
        "LocalAddress": ANY, "RemoteAddress": ["198.51.100.0/255.255.255.0"], "Program": "Any",
        "Package": None, "Service": "Any", "InterfaceAlias": ANY, "InterfaceType": "Any",
        "Authentication": "NotRequired", "Encryption": "NotRequired", "OverrideBlockRules": False,
        "LocalUser": "Any", "RemoteUser": "Any", "RemoteMachine": "Any",
        "PolicyStoreSource": "PersistentStore",
    } | fields  # fmt: skip


def export(*rules, connections=(), **profiles):
    """An export with these rules; ``Domain={…}`` changes fields of a profile."""
    found = [
        {"Name": name, **PROFILE, **profiles.get(name, {})}
        for name in ("Domain", "Private", "Public")
    ]
    data = {
        "Schema": "callgate.windows-export/1",
        "Connections": list(connections),
        "Profiles": found,
        "Rules": list(rules),
    }
    return json.dumps(data, indent=2)


#: What Windows brings along, of every kind that our reader has to tell apart.
BUILT_IN = (
    rule("CoreNet-DHCP-Out", Protocol="UDP", LocalPort=["68"], RemotePort=["67"],
         RemoteAddress=ANY, Program="%SystemRoot%\\system32\\svchost.exe", Service="Dhcp"),
    rule("CoreNet-ICMP6-PTB-Out", Protocol="ICMPv6", RemotePort=ANY, IcmpType=["2"],
         RemoteAddress=ANY, Program="System"),
    rule("CoreNet-DNS-Out-UDP", RemotePort=["53"], RemoteAddress=ANY, Service="dnscache"),
    rule("RemoteDesktop-In", Direction="Inbound", Protocol="TCP", LocalPort=["3389"],
         RemotePort=ANY, RemoteAddress=ANY, Enabled="False"),
    rule("RPC-In", Direction="Inbound", Protocol="TCP", LocalPort=["RPC", "RPCEPMap"],
         RemotePort=ANY, RemoteAddress=["LocalSubnet"]),
    rule("Store-app", Protocol="Any", RemotePort=ANY, RemoteAddress=ANY, Package="S-1-15-2-1"),
    rule("IPsec", Protocol="TCP", RemotePort=["443"], RemoteAddress=ANY,
         Authentication="Required"),
)  # fmt: skip

"""The keys of a security rule: what each one means for packets.

Source: PAN-OS Web Interface Help, "Policies > Security", "Building Blocks in a Security Policy
Rule".
"""

from typing import Final

#: What no rule can do without.
NEEDED: Final = ("from", "to", "source", "destination", "application", "service")
#: Read as matches, or as what the rule does.
READ: Final = frozenset(
    {*NEEDED, "negate-source", "negate-destination", "action", "disabled", "rule-type"}
    | {"profile-setting"}
)
#: Hints for keys that restrict a rule in ways that are not modelled.
CONDITIONS: Final = {
    "source-user": "who the user is, is known on the device only",
    "category": "categories of URLs are looked up by the device",
    "hip-profiles": "what a host tells of itself is known on the device only",
    "source-hip": "what a host tells of itself is known on the device only",
    "destination-hip": "what a host tells of itself is known on the device only",
    "schedule": "what time it is, is not known here",
    "source-imsi": "subscribers are known on the device only",
    "source-imei": "subscribers are known on the device only",
    "source-nw-slice": "slices of a network are known on the device only",
}
#: Keys that have no say about which packets the rule takes.
SILENT: Final = frozenset(
    {"description", "tag", "group-tag", "log-start", "log-end", "log-setting", "uuid", "option"}
    | {"qos", "icmp-unreachable", "audit-comment", "saas-user-list", "saas-tenant-list"}
    | {"disable-server-response-inspection", "disable-inspect"}
)
#: Other rulebases -> the word of a note, or why it is reported.
NOTED: Final = {
    "nat": "nat",
    "decryption": "inspection",
    "application-override": "inspection",
    "pbf": "route",
    "tunnel-inspect": "inspection",
}
REPORTED: Final = {
    "dos": "limits against floods may drop what a rule allows",
    "authentication": "who has not logged in is redirected",
    "captive-portal": "who has not logged in is redirected",
}
#: Rulebases that rank or share out traffic, or steer it among links.
APART: Final = frozenset({"qos", "sdwan", "network-packet-broker"})

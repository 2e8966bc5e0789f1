"""The keys of a policy: what each one means for packets.

Source: "FortiOS CLI Reference", config firewall policy.
"""

from typing import Final

#: Read as matches, or as what the policy does.
READ: Final = frozenset(
    {"srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service", "action"}
    | {"status", "schedule", "srcaddr-negate", "dstaddr-negate", "srcaddr6-negate"}
    | {"dstaddr6-negate", "service-negate", "internet-service", "internet-service-src"}
    | {"internet-service6", "internet-service6-src"}
)
#: Hints for keys that restrict a policy in ways that are not modelled.
CONDITIONS: Final = {
    "groups": "who the user is, is known on the device only",
    "users": "who the user is, is known on the device only",
    "fsso-groups": "who the user is, is known on the device only",
    "fsso": "who the user is, is known on the device only",
    "fsso-agent-for-ntlm": "who the user is, is known on the device only",
    "devices": "which device it is, is known there only",
    "identity-based": "policies by identity hold rules of their own",
    "ztna-status": "access by tags is decided on the device",
    "ztna-ems-tag": "access by tags is decided on the device",
    "ztna-geo-tag": "access by tags is decided on the device",
    "application": "applications are told from payload",
    "app-category": "applications are told from payload",
    "app-group": "applications are told from payload",
    "url-category": "categories are looked up by the device",
    "vlan-filter": "the VLAN tag is not modelled",
    "tos": "the type of service is not modelled",
    "rtp-nat": "media addresses that come from signalling",
    "src-vendor-mac": "the hardware address is not modelled",
    "sgt": "security group tags are not modelled",
    "sgt-check": "security group tags are not modelled",
    "network-service-dynamic": "services that the device learns",
    "network-service-src-dynamic": "services that the device learns",
    "reputation-minimum": "reputation is looked up by the device",
    "reputation-minimum6": "reputation is looked up by the device",
    "captive-portal-exempt": "a captive portal asks first",
}
#: Inspection that lets the first packets pass and may end a connection later.
INSPECTION: Final = frozenset(
    {"av-profile", "webfilter-profile", "dnsfilter-profile", "ips-sensor", "application-list"}
    | {"dlp-sensor", "dlp-profile", "file-filter-profile", "waf-profile", "voip-profile"}
    | {"ssl-ssh-profile", "emailfilter-profile", "icap-profile", "profile-group"}
    | {"casb-profile", "videofilter-profile", "virtual-patch-profile", "sctp-filter-profile"}
)
_SILENT_WORDS: Final = frozenset(
    {"uuid", "name", "comments", "label", "global-label", "logtraffic", "logtraffic-start"}
    | {"capture-packet", "auto-asic-offload", "np-acceleration", "nat", "nat46", "nat64"}
    | {"permit-any-host", "permit-stun-host", "fixedport", "ippool", "poolname", "poolname6"}
    | {"session-ttl", "vlan-cos-fwd", "vlan-cos-rev", "inbound", "outbound", "natinbound"}
    | {"natoutbound", "natip", "match-vip", "match-vip-only", "diffserv-copy"}
    | {"diffserv-forward", "diffserv-reverse", "diffservcode-forward", "diffservcode-rev"}
    | {"tcp-mss-sender", "tcp-mss-receiver", "traffic-shaper", "traffic-shaper-reverse"}
    | {"per-ip-shaper", "utm-status", "inspection-mode", "profile-type", "http-policy-redirect"}
    | {"ssh-policy-redirect", "webproxy-profile", "profile-protocol-options", "disclaimer"}
    | {"email-collect", "custom-log-fields", "replacemsg-override-group", "timeout-send-rst"}
    | {"anti-replay", "tcp-session-without-syn", "geoip-anycast", "geoip-match", "wccp"}
    | {"send-deny-packet", "delay-tcp-npu-session", "policy-expiry", "policy-expiry-date"}
    | {"schedule-timeout", "radius-mac-auth-bypass", "fec", "passive-wan-health-measurement"}
    | {"auth-path", "auth-cert", "auth-redirect-addr", "block-notification", "dsri"}
    | {"webcache", "webcache-https", "wanopt", "wanopt-detection", "wanopt-profile"}
    | {
        "wanopt-peer",
        "wanopt-passive-opt",
        "learning-mode",
        "ntlm",
        "ntlm-guest",
        "decrypted-traffic-mirror",
    }
    | {"redirect-url", "vpntunnel", "pcp-inbound", "pcp-outbound", "pcp-poolname", "tos-mask"}
    | {"tos-negate", "cgn-eif", "cgn-eim", "cgn-log-server-grp", "port-preserve", "port-random"}
)


def silent(key: str) -> bool:
    """Whether a key has no say about which packets the policy takes."""
    return key in _SILENT_WORDS

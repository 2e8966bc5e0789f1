"""Commands of the ASA that say nothing about which traffic passes, by their first word.

Source: "Cisco ASA Series Command Reference", volumes A–H, I–R, S, T–Z. A command that is
neither here nor modelled is reported, so a new one cannot be overlooked.
"""

from typing import Final

#: Management, routing, logging, VPN set-up, quality of service, and what inspects without
#: deciding.
_COMMANDS: Final = """
    aaa aaa-server app-agent arp arp-inspection as-path ASA asdm asp assertion auth-prompt
    auto-update banner bfd bfd-template boot call-home checkheaps cipher class-map client-update
    clock cluster cluster-member-limit community-list compression config-register configure
    console coredump crashinfo crypto Cryptochecksum ctl-file ctl-provider cts ddns debug
    default dhcp-client dhcpd dhcprelay disk dns dns-group dns-group-map dns-guard domain-name
    dp-tcp-proxy dynamic-access-policy-config dynamic-access-policy-record eigrp enable
    encryption end exit extcommunity-list failover fips firewall fixup flow-export flow-offload
    fragment ftp ftp-map FWSM group-policy hostname hostscan hpm http http-map hw-module icmp
    imap4s import ip ip-client ipsec ipv6 isakmp jumbo-frame key key-chain keyring l2tp lacp
    ldap license lisp local-unit location logging logout mac-address mac-address-table macsec
    management-access map-domain map-name mgcp-map migrate mld mode monitor-interface mount
    mroute mtu multicast-routing name-interval names nat-assigned-to-public-ip nat-control
    network-acl NGFW no-proxy-arp ntp object-group-search ospf pager parameter-map passwd
    passwd-policy password password-policy phone-proxy pim PIX policy-list pop3s prefix-list
    priority-queue privilege profile prompt qos queue-limit quit quota radius-common-pw
    reactivation-mode regex remote-access resource rest-api rip route route-map router routerlog
    saml scansafe serial-number service service-policy session sla smart-tunnel smtp smtp-server
    smtps snmp snmp-map snmp-server software ssd ssh ssl statistics sunrpc-server sw-module
    sysopt tcp-map telnet terminal terminate tftp-server threat-detection timeout timezone
    tls-proxy track ttl-evasion-protection tunnel-group tunnel-group-map uc-ime umbrella-global
    url-block url-cache url-list url-server user-alert user-identity user-statistics username
    version virtual vpdn vpn vpn-addr-assign vpn-load-balancing vpn-sessiondb
    vpn-simultaneous-logins vpnclient vpnsetup vxlan wccp webvpn write xlate zonelabs-integrity
"""
IRRELEVANT: Final = frozenset(_COMMANDS.split())

#: Beginnings that matter, although their first word mostly does not.
UNMODELLED: Final[dict[tuple[str, ...], str]] = {
    ("aaa", "authentication", "match"): "traffic passes once its user has logged in",
    ("aaa", "authentication", "include"): "traffic passes once its user has logged in",
    ("aaa", "authorization", "match"): "a server decides what its user may reach",
    ("aaa", "authorization", "include"): "a server decides what its user may reach",
    ("alias",): "rewrites addresses, and DNS answers with them",
    ("apply",): "an outbound list of PIX 6",
    ("conduit",): "a conduit of PIX 6: use access lists",
    ("context",): "each context has a configuration of its own: check those",
    ("dynamic-filter",): "the botnet filter can drop traffic",
    ("established",): "lets connections back in that others allow",
    ("filter",): "a filter of URLs, Java or ActiveX",
    ("firewall", "transparent"): "in transparent mode bridge groups join interfaces",
    ("ip", "verify", "reverse-path"): "drops what comes from where the routes do not lead",
    ("ip", "audit"): "can drop traffic that looks like an attack",
    ("mac-list",): "exempts hosts from authentication",
    ("outbound",): "an outbound list of PIX 6",
    ("shun",): "drops the traffic of one host",
    ("threat-detection", "scanning-threat", "shun"): "shuns hosts that scan",
    ("zone",): "interfaces of one traffic zone share their connections",
}

#: Commands of a policy map that can end a connection.
POLICY_ACTIONS: Final = frozenset(
    {"drop", "drop-connection", "reset", "police", "ips", "sfr", "cxsc"}
)

#: Commands of an interface that do not decide what passes.
_OF_INTERFACES: Final = """
    allow-ssc-mgmt arp authentication auto-negotiation backup bfd carrier-delay cdp
    channel-group cluster cts ddns default delay delay-timer description dhcp dhcpd dhcprelay
    duplex eigrp encapsulation exit fec flowcontrol forward hello-interval hold-time igmp ip
    ipv6 isis lacp lldp mac-address mac-address-table macsec member-interface mld mtu multicast
    negotiation no-proxy-arp nve nve-only ospf pim policy-route port-channel power pppoe
    priority priority-queue redundant-interface rip router-id secondary segment-id service
    shutdown speed split-horizon switchport tunnel vlan vni vpdn vtep-nve
"""
INTERFACE: Final = frozenset(_OF_INTERFACES.split())
INTERFACE_UNMODELLED: Final = {
    "zone-member": "interfaces of one traffic zone share their connections",
    "bridge-group": "interfaces of one bridge group are bridged, and their BVI filters too",
}

"""Commands of IOS that say nothing about which traffic passes, by their first words.

Source: "Cisco IOS Master Command List, All Releases". A command that is neither here nor
modelled is reported, so a new one cannot be overlooked.
"""

from typing import Final

#: Management, routing, switching, logging, quality of service.
_COMMANDS: Final = """
    aaa accounting address-family agent airgroup alias ap app-hosting appfw application arap
    archive arp as-path async async-bootp atm authentication auto autonomous-system avb avc
    backup banner bba-group bfd bfd-template boot boot-end-marker boot-image boot-start-marker
    bridge bridge-domain buffers Building bulkstat busy-message call call-home capture card
    ccm-manager cdp cef cellular chat-script cisp class-map clns clock cns coap community-list
    config-register configuration connect control-plane controller crypto csdb cts Current cwmp
    daemon debug default-value define device-sensor device-tracking diagnostic dial-peer dialer
    dialer-list dlsw dnsix-nat domain dot11 dot1x downward-compatible-config dspfarm eap ecmp
    eee email enable encryption end energywise environment eos epm errdisable error esmc
    etherchannel ethernet event exception exit exit-address-family fabric facility fallback fax
    feature feature-set file flash flow format frame-relay ftp-server gatekeeper gateway glbp
    global-address-family group guestshell hardware hostname http hw-module hw-switch identity
    ima interface-range iox ipc ipx isdn ivr ixi kerberos key kron l2 l2protocol-tunnel
    l2tp-class l2vpn lacp Last ldap library license line link lisp lldp load-interval locale
    location logging login mab mac mac-address-table macro management map-class map-list
    media-proxy mediatrace memory memory-size menu metadata mgcp microcode mls modem modemcap
    module monitor mpls mrcp msdp multicast multilink mvr mwr nat64 ncs netbios netconf
    netconf-yang network-clock network-policy nmsp no-payload-encryption ntp NVRAM nvram object
    oer onep openflow otv parameter-map parser partition passive password per-port performance
    platform pnp policy-map port-channel port-profile power prefix-list prefix-set priority-list
    privilege process processes profile prompt pseudowire-class ptp qos queue-list quit radius
    radius-server random-detect redundancy refuse-message regexp remote remote-management rep
    resource restconf rif rlogin rmon rmon-alarm route-map route-tag router routing rtr sampler
    sccp scheduler scripting sdm sdwan security security-password service session set setup
    shell show sip-ua slip smrp snapshot snmp snmp-server software source source-bridge
    source-interface spanning-tree spd ssh stack-mac stackmaker stackwise-virtual standby
    state-machine subscriber subscriber-policy switch switchport sysmgr system table-map tacacs
    tacacs-server tag-switching tclsh tdm telemetry template terminal terminal-queue tftp-server
    tl1 track transceiver translate translation translation-profile translation-rule transport
    trunk tunnel udld upgrade username Using vacant-message vdc version viptela-system
    virtual-profile virtual-service virtual-template vlan vlan-membership vmps voice voice-card
    vpdn vpdn-group vrf vrrp vstack vtp vty-async vxlan wireless wlan wrr-queue wsma x25 x28 x29
    xconnect xdr xot
"""
IRRELEVANT: Final = frozenset(_COMMANDS.split())

#: Second words of ``ip`` and ``ipv6`` that do not decide what passes.
_OF_IP: Final = """
    accounting accounting-list address-pool alias arp as-path bgp-community bootp cache cef
    classless community-list ddns default-gateway default-network device dhcp dhcp-client
    dhcp-relay dhcp-server dns dnsix domain domain-list domain-lookup domain-name dvmrp eigrp
    explicit-path extcommunity-list finger flow flow-aggregation flow-cache flow-capture
    flow-export flow-top-talkers forward forward-protocol ftp gdp gratuitous-arps gre
    helper-address hop-limit host host-routing host-unreachable hosts hp-host http icmp identd
    igmp inspect-log irdp kerberos local mfib mld mobile mpls mrm mroute mroute-cache msdp mtu
    multicast multicast-forwarding multicast-routing name-server nbar nd neighbor netmask-format
    nhrp options ospf pgm pim pimv6 port-map prefix-list radius rarp-server rcmd redirects
    redundancy reflexive-list rip route router routing rsvp rtcp rtp sap scp sctp sdr security
    sip sla slb snmp source-guard source-route spd split-horizon ssh static sticky-arp
    subnet-zero tacacs tcp telnet tftp tos traffic-export tunnel unicast unicast-routing
    unnumbered unreachables verify-source vrf wccp web-cache welcome-page wildcard
"""
IP: Final = frozenset(_OF_IP.split())

#: Beginnings that matter, although their first word mostly does not.
UNMODELLED: Final[dict[tuple[str, ...], str]] = {
    ("crypto", "isakmp", "block"): "drops traffic",
    ("ip", "access-list", "role-based"): "TrustSec lists look at security group tags",
    ("ip", "admission"): "traffic passes once its user has logged in",
    ("ip", "auth-proxy"): "traffic passes once its user has logged in",
    ("ip", "ips"): "an intrusion prevention system can drop traffic",
    ("ip", "tcp", "intercept"): "drops connections that are half open",
    ("ip", "urlfilter"): "a filter of URLs",
    ("ip", "verify"): "drops what comes from where the routes do not lead",
    ("utd",): "unified threat defence can drop traffic",
    ("vlan", "access-map"): "lists of a VLAN filter within it",
    ("vlan", "filter"): "lists of a VLAN filter within it",
}

#: First words of an interface's commands that do not decide what passes.
_OF_INTERFACES: Final = """
    accept-lifetime access-expression access-session age antenna arp asr async atm
    authentication auto auto-ip autodetect backup bandwidth bfd bgp-policy bridge bridge-domain
    bridge-group carrier-delay cdp cef channel channel-group channel-protocol clns clock
    compress cos crypto cts custom-queue-list dampening default delay description
    device-tracking dfs dial dialer dialer-group disable distance dot1q dot1x downshift dsl
    duplex eapol enable encapsulation encryption energywise entity environment ethernet exit
    exit-address-family fair-queue fair-queueing fec fixup flow flowcontrol frame-relay framing
    full-duplex gig-default glbp gre group-range half-duplex history hold-queue hsrp ipv4 ipx
    isdn isis keepalive l2protocol l2protocol-tunnel l2transport l2vpn lacp lane line linecode
    link lisp lldp load-balancing load-interval location logging loopback lre mab mac
    mac-address macro map-group maximum mdix media media-type medium member metering mka mls
    mobile mode modem monitor mop mpls mtu multilink multilink-group nat66 negotiation neighbor
    netbios network-clock nhrp nmsp no ntp nve ospf ospfv3 otv ovs packet pagp peakdetect peer
    physical-layer platform policy port port-channel port-type pos power ppp pppoe pppoe-client
    priority priority-flow-control priority-group priority-queue private-vlan propagate protocol
    pulse-time pvc qos queue-limit queue-set random-detect rate-limit rcv-queue redundancy
    remote rep rewrite rmon routing rsvp rxspeed sap secure-mac-address serial service
    service-instance service-policy sgt shape shutdown smrp snapshot snmp source
    source-interface spanning-tree speed speed-duplex squelch srlg srr-queue ssid
    stackwise-virtual standby station-role stbc storm-control subscriber switch switchport
    synchronous tag-switching template timeout timer transceiver transport-mode trunk trunks
    trust tunnel tx-queue tx-queue-limit tx-ring-limit txspeed udld violation vlan vlan-range
    vrf vrrp vtp wrr-queue x25 xconnect zone-pair
"""
INTERFACE: Final = frozenset(_OF_INTERFACES.split())
#: Second words of ``ip`` and ``ipv6`` on an interface that do not decide what passes.
_OF_IP_INTERFACES: Final = """
    accounting address address-autoconfig arp authentication bandwidth-percent bgp
    broadcast-address cef cgmp dampening-change dampening-interval ddns dhcp directed-broadcast
    dns dvmrp eigrp enable flow forward forward-protocol gratuitous-arps hello-interval
    helper-address hold-time hop-limit icmp igmp irdp load-sharing local local-proxy-arp
    mask-reply mfib mld mobile mrm mroute-cache mtu multicast nat nbar nd next-hop-self nhrp
    ospf passive-interface pgm pim policy portfast probe proxy-arp rarp-server redirects
    redundancy rgmp rip route-cache router rsvp rtp sap security source-route split-horizon
    sticky-arp sticky-mac summary-address tcp tftp traffic-engineering traffic-export tunnel
    unicast unnumbered unreachables virtual-reassembly virtual-reassembly-in
    virtual-reassembly-out vrf wccp web-cache
"""
IP_INTERFACE: Final = frozenset(_OF_IP_INTERFACES.split())
#: What filters at an interface and is not modelled, by its first words.
INTERFACE_UNMODELLED: Final[dict[tuple[str, ...], str]] = {
    ("ip", "admission"): "traffic passes once its user has logged in",
    ("ip", "auth-proxy"): "traffic passes once its user has logged in",
    ("ip", "inspect"): "inspection (CBAC) lets answers in that lists deny",
    ("ip", "ips"): "an intrusion prevention system can drop traffic",
    ("ip", "port"): "lists of a switch port filter too",
    ("ip", "urlfilter"): "a filter of URLs",
    ("ip", "verify"): "drops what comes from where the routes do not lead",
    ("ipv6", "inspect"): "inspection lets answers in that lists deny",
    ("ipv6", "verify"): "drops what comes from where the routes do not lead",
    ("mac", "access-group"): "lists of MAC addresses are not modelled",
    ("utd",): "unified threat defence can drop traffic",
}

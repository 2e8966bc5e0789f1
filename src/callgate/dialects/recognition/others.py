"""Telling languages that a few words give away."""

import re
from typing import Final

_FORTIGATE: Final = re.compile(
    r"^\s*config (?:firewall (?:policy|address|addrgrp|service)|system (?:interface|zone|global))",
    re.MULTILINE,
)
_PAN_OS: Final = re.compile(
    r"^(?:set|delete) (?:config |devices \S+ |(?:vsys|device-group|template) \S+ (?:config )?"
    r"|shared |policy panorama )*+(?:(?:pre-|post-)?rulebase |deviceconfig |mgt-config "
    r"|zone \S+ network |address \S+ (?:ip-netmask|ip-range|ip-wildcard|fqdn|tag) "
    r"|address-group \S+ (?:static|dynamic) |service \S+ protocol |service-group \S+ members "
    r"|network (?:interface|virtual-router|profiles|shared-gateway|ike|qos) )"
    r"|^[ \t]*(?:deviceconfig|rulebase|pre-rulebase|mgt-config) \{"
    r"|<config [^>]*urldb=|<(?:pre-|post-)?rulebase>",
    re.MULTILINE,
)
_SRX: Final = re.compile(
    r"^\s*(?:set|deactivate|delete) (?:security (?:policies|zones|address-book|nat|screen)"
    r"|applications application|firewall (?:family|filter)|groups \S+ (?:security|firewall)"
    r"|interfaces \S+ unit \d+ family inet)"
    r"|^security \{|^\s*(?:from-zone \S+ to-zone \S+|security-zone \S+) \{",
    re.MULTILINE,
)
#: The export of ours, and the command that makes rules.
_WINDOWS: Final = ("callgate.windows-export/1", "new-netfirewallrule")
#: One of these words is in every text of AWS, and in no other dialect's.
_AWS: Final = ('"SecurityGroups"', '"NetworkAcls"', "AWSTemplateFormatVersion", "AWS::EC2::")
#: Words that begin a line of squid.conf and of no other language that we read.
_SQUID: Final = re.compile(
    r"^[ \t]*(?:http_access[ \t]+(?:allow|deny)[ \t]|http_port[ \t]+\S*\d|ssl_bump[ \t]+\w"
    r"|acl[ \t]+\S+[ \t]+(?:src|dst|dstdomain|port|method|at_step|ssl::server_name)[ \t])",
    re.MULTILINE,
)


def is_fortigate(text: str) -> bool:
    """Whether it opens one of the tables that only FortiOS has."""
    return _FORTIGATE.search(text) is not None


def is_srx(text: str) -> bool:
    """Whether it has statements that only Junos security devices have."""
    return _SRX.search(text) is not None


def is_pan_os(text: str) -> bool:
    """Whether it has statements that only PAN-OS has, in any of its three forms."""
    return _PAN_OS.search(text) is not None


def is_windows(text: str) -> bool:
    """Whether it is an export of ours, or holds the command that makes rules."""
    lowered = text.lower()
    return any(sign in lowered for sign in _WINDOWS)


def is_aws(text: str) -> bool:
    """Whether it holds what only AWS writes."""
    return any(sign in text for sign in _AWS)


def is_squid(text: str) -> bool:
    """Whether some line is one of Squid's."""
    return _SQUID.search(text) is not None

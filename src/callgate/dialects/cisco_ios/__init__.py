"""Cisco IOS and IOS XE: what a router's running configuration says about traffic."""

from callgate.dialects.cisco_ios.reader import CiscoIos

__all__ = ["CiscoIos"]

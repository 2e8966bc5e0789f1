"""Cisco IOS: lists out; what its running configuration says about traffic through it, in."""

from callgate.dialects.cisco_ios.dialect import Ios
from callgate.dialects.cisco_ios.reader import CiscoIos

__all__ = ["CiscoIos", "Ios"]

"""Cisco ASA: what its running configuration says about traffic through it."""

from callgate.dialects.cisco_asa.reader import CiscoAsa

__all__ = ["CiscoAsa"]

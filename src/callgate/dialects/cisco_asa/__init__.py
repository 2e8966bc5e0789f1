"""Cisco ASA: commands out; what its running configuration says about traffic, in."""

from callgate.dialects.cisco_asa.dialect import Asa
from callgate.dialects.cisco_asa.reader import CiscoAsa

__all__ = ["Asa", "CiscoAsa"]

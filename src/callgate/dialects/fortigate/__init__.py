"""FortiGate: policies out; the packet filter of a configuration in."""

from callgate.dialects.fortigate.dialect import Fortigate
from callgate.dialects.fortigate.reading.reader import FortigateReader

__all__ = ["Fortigate", "FortigateReader"]

"""PAN-OS: security rules out; the packet filter of a configuration in."""

from callgate.dialects.pan_os.dialect import PanOs
from callgate.dialects.pan_os.reading.reader import PanOsReader

__all__ = ["PanOs", "PanOsReader"]

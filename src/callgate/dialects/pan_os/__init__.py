"""PAN-OS both ways: ``generate`` and ``parse``."""

from callgate.dialects.pan_os.reading.reader import PanOsReader

__all__ = ["PanOsReader"]

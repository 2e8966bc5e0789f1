"""Windows Defender Firewall: PowerShell out; an export of the active rules, or scripts, in."""

from callgate.dialects.windows.dialect import Windows
from callgate.dialects.windows.reading.reader import WindowsReader

__all__ = ["Windows", "WindowsReader"]

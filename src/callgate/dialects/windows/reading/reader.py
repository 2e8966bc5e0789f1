"""The reader of both forms."""

from callgate.dialects.reading import Include, nothing_to_include
from callgate.dialects.recognition.others import is_windows
from callgate.dialects.windows.reading.export import read_export
from callgate.dialects.windows.reading.script import read_script
from callgate.rules import Ruleset


class WindowsReader:
    """Reads an export of ``export-firewall.ps1``, or a script of rules."""

    name = "windows"
    title = "Windows Defender Firewall"

    def detect(self, text: str) -> bool:
        """Whether it is an export of ours, or holds the command that makes rules."""
        return is_windows(text)

    def parse(self, text: str, source: str, include: Include = nothing_to_include) -> Ruleset:
        """What the export or the script says; InputError when it is neither."""
        del include  # scripts that call others are reported, not followed
        text = text.removeprefix("\ufeff")
        if text.lstrip().startswith("{"):
            return read_export(text, source)
        return read_script(text, source)

"""mitmproxy with a configuration of ours, from the environment inside the environment."""

import os
import sys
from pathlib import Path

import pytest

from callgate.netns.commands import find

#: What ``make .venv/.mitmproxy`` installs; its pins do not go with ours.
_OWN = Path(sys.prefix, "mitmproxy", "bin", "mitmdump")


def program():
    """The path of mitmdump; without it the test is skipped, or fails where all must run."""
    path = str(_OWN) if _OWN.exists() else find("mitmdump")
    if path is None:
        reason = "not installed: mitmproxy (make .venv/.mitmproxy)"
        if os.environ.get("CALLGATE_REQUIRE_LAB") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def command(folder, text, address, port):
    """The command line of a mitmdump that reads this ``config.yaml``."""
    folder.mkdir(exist_ok=True)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return [
        program(),
        *("--set", f"confdir={folder}", "--set", "flow_detail=0"),
        *("--listen-host", address, "--listen-port", str(port)),
        # The lab's vendor is signed by the lab; who signs for the client is what counts.
        "--ssl-insecure",
    ]

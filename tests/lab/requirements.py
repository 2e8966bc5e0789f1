"""Skip a lab test, with the reason, where its tools or rights are missing.

With ``CALLGATE_REQUIRE_LAB=1`` (CI) a missing tool or right is a failure instead, so that
a lab which silently stopped running cannot stay unnoticed.
"""

import os

import pytest

from callgate.netns import Rights, rights
from callgate.netns.commands import find


def require(*tools: str) -> None:
    """Go on only with root's rights over namespaces and with all these programs."""
    allowed, reason = rights()
    missing = [tool for tool in tools if find(tool) is None]
    if allowed is not Rights.ROOT:
        _give_up(f"needs root: {reason}")
    if missing:
        _give_up(f"not installed: {', '.join(missing)}")


def _give_up(reason: str) -> None:
    if os.environ.get("CALLGATE_REQUIRE_LAB") == "1":
        pytest.fail(reason)
    pytest.skip(reason)

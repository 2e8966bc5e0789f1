"""``http_port`` and ``https_port``: where clients connect, and whether tunnels are opened."""

from typing import Final

from callgate.dialects.squid.reading.findings import Findings
from callgate.dialects.squid.reading.lines import Statement
from callgate.rules.proxy import Listener

#: Ports for traffic that was not sent to a proxy on purpose, or not by clients.
_OTHERS: Final = frozenset({"intercept", "tproxy", "transparent", "accel", "vhost"})


def listener(statement: Statement, findings: Findings) -> Listener | None:
    """A port that clients name as their proxy; None for other ports, which are reported."""
    if len(statement.words) < 2:
        findings.refuse(statement.place, f"{statement.words[0]} names no port")
        return None
    _, address, *options = statement.words
    number = address.rpartition(":")[2]
    if not (number.isascii() and number.isdigit() and 0 < int(number[:6]) <= 65535):
        findings.refuse(statement.place, f"{number!r} is no port")
        return None
    mode = next((option for option in options if option in _OTHERS), None)
    if mode is not None:
        findings.report(statement, f"a port for {mode} traffic: clients do not name it as proxy")
        return None
    return Listener(int(number), "ssl-bump" in options, statement.place, statement.text)

"""What of the host a lab must never change, as text that can be compared."""

from pathlib import Path

from callgate.netns.commands import find, run


def host_state() -> dict[str, str]:
    """Rules, routes, addresses and resolver of the namespace that we are in."""
    state = {
        "rules": run("nft", "list", "ruleset"),
        "routes": run("ip", "route", "show", "table", "all"),
        "routes6": run("ip", "-6", "route", "show", "table", "all"),
        "links": run("ip", "-brief", "link"),
        "resolver": Path("/etc/resolv.conf").read_text(),
    }
    if find("iptables-save"):
        state["iptables"] = "\n".join(
            line for line in run("iptables-save").splitlines() if not line.startswith("#")
        )
    return state

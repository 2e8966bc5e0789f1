"""The probe beside the tools that people use, in the same lab: how long, and what is told.

``python -m tests.lab.probe.rivals`` prints a table in Markdown: seconds of whole commands.
"""

import subprocess
import sys
import time

from callgate.lab.arena import Rules
from callgate.lab.faults import find
from callgate.lab.stage import HEALTHY, Stage
from callgate.lab.turnserver import PASSWORD, USER
from callgate.netns.impaired_topology import impaired
from callgate.netns.impairment import Impairment, LinkImpairment
from callgate.netns.stepping import inside
from tests.lab.probe.bench import Seat, through_proxy
from tests.lab.probe.campaign import ATLAS

#: A round trip of 40 ms.
ONE_WAY = Impairment(delay=20_000_000)
FAULTS = ("", "udp-3478-drop", "tcp-443-drop", "proxy-bumps")
PATIENCE = 70


def checks(seat):
    """What an administrator would type, one after the other: name → command line."""
    turn, vendor = ATLAS.turn.v4, ATLAS.vendor_name
    client = ["turnutils_uclient", "-y", "-n", "1", "-m", "1", "-u", USER, "-w", PASSWORD]
    web = ["curl", "-sS", "-o", "/dev/null", "-m", "60", "--cacert", str(seat.authority)]
    web += ["--resolve", f"{vendor}:443:{ATLAS.vendor.v4}"]
    proxy = ["--proxy", f"http://{ATLAS.proxy.v4}:3128"]
    return {
        "turnutils_uclient, UDP": [*client, turn],
        "turnutils_uclient, TCP": [*client, "-t", turn],
        "turnutils_uclient, TLS": [*client, "-t", "-S", "-p", "443", turn],
        "curl": [*web, f"https://{vendor}/"],
        "curl through the proxy": [*web, *proxy, f"https://{vendor}/"],
    }


def timed(stage, argv):
    """Seconds, and how it ended."""
    began = time.monotonic()
    with inside(stage["client"].path):
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return time.monotonic() - began, "given up"
    return time.monotonic() - began, "ok" if code == 0 else f"exit {code}"


def column(stage, seat):
    """Every tool on the network as it is."""
    found = {name: timed(stage, argv) for name, argv in checks(seat).items()}
    found["all of these, one after the other"] = (sum(each for each, _ in found.values()), "")
    began = time.monotonic()
    told = seat.probe(*through_proxy(ATLAS))
    words = f"{told['seconds']:.1f} s without start-up"
    found["callgate probe, 13 paths"] = (time.monotonic() - began, words)
    return found


def main():
    """Measure and print."""
    columns = {}
    with Stage(ATLAS) as stage:
        stage.arrange(Rules(nft=""), HEALTHY)
        ends = (stage["firewall"], "eth1"), (stage["isp"], "eth0")
        with impaired(*ends, LinkImpairment(ONE_WAY, ONE_WAY)):
            seat = Seat(stage)
            for name in FAULTS:
                if not name:
                    columns["healthy"] = column(stage, seat)
                    continue
                with stage.broken(find(name)):
                    columns[name] = column(stage, seat)
    lines = ["| tool | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for tool in columns["healthy"]:
        cells = (f"{c[tool][0]:.1f} s {c[tool][1]}".strip() for c in columns.values())
        lines.append(f"| {tool} | " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

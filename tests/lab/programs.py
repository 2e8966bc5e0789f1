"""Run somebody else's programs on a lab's client machine."""

import os
import subprocess
import sys

from callgate.netns.commands import find


def on_client(stage, *argv):
    """What a program on the client's machine prints, with the lab's resolver."""
    # The test's own interpreter, as the lab starts its programs.
    command = [
        sys.executable,
        "-m",
        "callgate.lab.seat",
        str(stage.resolver),
        "root",
        find(argv[0]),
    ]
    done = subprocess.run(
        ["ip", "netns", "exec", stage["client"].name, *command, *argv[1:]],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.stdout + done.stderr

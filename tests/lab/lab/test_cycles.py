"""A lab comes and goes, or is killed, and the machine is what it was."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callgate.cli.main import run
from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.cases import Case
from callgate.lab.squid import Mode
from callgate.lab.stage import Stage
from callgate.netns.namespaces import NAMED
from callgate.netns.ownership import FILES, LOCKS
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.host import host_state
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

ATLAS = Atlas.of(find("goto"), Site())
INSPECTED = Case("turn-tcp-443", "", Mode.BUMP, "none", ("443",))
#: Seconds; within them a run starts, places calls and changes proxies.
LONGEST = 8.0


def some(few, many):
    """A few by default, and as many as the issue asks for in the slow campaign."""
    marks = [pytest.mark.slow, pytest.mark.timeout(3600)]
    return pytest.mark.parametrize("count", [few, pytest.param(many, marks=marks)])


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "conntrack", "turnserver", "squid")


def traces(owner):
    """Whatever of one lab is on the machine: others may be running beside it."""
    found = [str(path) for path in (LOCKS / owner, FILES / owner) if path.exists()]
    found += [str(path) for path in NAMED.glob(f"callgate-{owner}-*")]
    found += [
        line for line in Path("/proc/self/mountinfo").read_text().splitlines() if owner in line
    ]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes() + (process / "mountinfo").read_bytes()
        except (FileNotFoundError, ProcessLookupError, OSError):
            continue
        if f"callgate-files/{owner}".encode() in said:
            found.append(process.name)
    return found


def squids_memory():
    """Segments in the machine's shared memory; a Squid of the machine's own has some too."""
    return set(Path("/dev/shm").glob("squid*"))


@some(2, 100)
def test_nothing_is_left_after_start_and_stop(count):
    host, shared = host_state(), squids_memory()
    for _ in range(count):
        with Stage(ATLAS) as built:
            owner = built["client"].name.split("-")[1]
            built.arrange(Rules(nft=""), INSPECTED)
            assert len(traces(owner)) > 10
            assert host_state() == host
        assert traces(owner) == []
    assert host_state() == host
    assert squids_memory() <= shared


@some(2, 20)
def test_a_run_that_is_killed_at_any_moment_is_cleaned_away(count, capsys):
    host, seen = host_state(), 0
    for seed in range(count):
        with subprocess.Popen(
            [sys.executable, "-m", "callgate", "lab", "run", "goto", "--scenario", "turn-tcp-443"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as program:
            time.sleep(random.Random(seed).uniform(0, LONGEST))
            # Stopped, it cannot become an owner between our look and its death.
            program.send_signal(signal.SIGSTOP)
            owned = owners(program.pid)
            assert host_state() == host
            program.send_signal(signal.SIGKILL)
        assert run(["lab", "clean"]) == 0
        assert [each for owner in owned for each in traces(owner)] == [], f"seed {seed}"
        assert host_state() == host
        seen += len(owned)
    assert seen > 0, "nothing was ever killed"
    capsys.readouterr()


def owners(process):
    """What a process holds the lock on."""
    links = (path.readlink() for path in Path("/proc", str(process), "fd").iterdir())
    return [link.name for link in links if link.parent == LOCKS]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_twenty_runs_in_a_row_go_as_the_document_says(capsys):
    for number in range(20):
        assert run(["lab", "run", "goto"]) == 0, f"run {number}: {capsys.readouterr().out}"

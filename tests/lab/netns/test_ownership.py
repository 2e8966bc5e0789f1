"""A killed owner leaves nothing that the next ``clean`` does not find."""

import os
import select
import signal
import subprocess
import sys

import pytest

from callgate.netns import Ownership, clean
from callgate.netns.commands import run
from callgate.netns.namespaces import NAMED
from callgate.netns.ownership import LOCKS
from tests.lab.host import host_state
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

HOLDER = """
import subprocess, sys, time
from callgate.netns import End, Link, Topology
from callgate.netns.stepping import inside
links = [Link(End("a1", ("192.0.2.1/24",)), End("b1", ("192.0.2.2/24",)))]
with Topology(links) as topology:
    with inside(topology["a1"].path):
        child = subprocess.Popen(["sleep", "600"])
    print(topology["a1"].name, child.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _lab():
    require("ip")


@pytest.fixture
def holder():
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    clean()


def names_of(owner):
    return sorted(path.name for path in NAMED.glob(f"callgate-{owner}-*"))


def test_clean_removes_what_a_killed_owner_left_and_only_that(holder):
    before = host_state()
    name, pid = holder.stdout.readline().split()
    owner = name.split("-")[1]
    assert names_of(owner) == [f"callgate-{owner}-a1", f"callgate-{owner}-b1"]

    assert not set(clean()) & set(names_of(owner)), "the owner is alive"
    with Ownership() as other:
        run("ip", "netns", "add", other.name("mine"))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        child = os.pidfd_open(int(pid))
        assert names_of(owner), "nobody has cleaned yet"
        assert [each for each in clean() if owner in each] == [
            f"callgate-{owner}-a1",
            f"callgate-{owner}-b1",
        ]
        assert names_of(other.id) == [other.name("mine")]
    poll_for_end(child)
    assert names_of(owner) == []
    assert not (LOCKS / owner).exists()
    assert names_of(other.id) == []
    assert host_state() == before


def poll_for_end(pidfd):
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    assert poller.poll(5000), "the program in the namespace still runs"
    os.close(pidfd)


def test_ctrl_c_takes_everything_down(holder):
    name, _ = holder.stdout.readline().split()
    holder.send_signal(signal.SIGINT)
    holder.wait(timeout=20)
    assert names_of(name.split("-")[1]) == []
    assert not (LOCKS / name.split("-")[1]).exists()


def test_a_namespace_without_a_lock_is_nobodys_business_of_ours():
    run("ip", "netns", "add", "callgate-00000000-mine")
    try:
        clean()
        assert names_of("00000000") == ["callgate-00000000-mine"]
    finally:
        run("ip", "netns", "delete", "callgate-00000000-mine")

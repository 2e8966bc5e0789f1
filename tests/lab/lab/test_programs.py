"""Programs of the lab: none is ever left waiting for us, or runs on without us."""

import os
import select
import subprocess
import sys

import pytest

from callgate.lab.programs import Program
from callgate.netns import End, Link, Topology
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

#: More than a pipe holds, and then a sign of life.
NOISE = 'import os, sys; os.write(1, b"x" * 200_000); sys.stderr.write("got here"); input()'
TWO_LINES = 'print("one\\ntwo", flush=True); input()'
PARENT = (
    "import subprocess, sys; child = subprocess.Popen(['sleep', '600']);"
    "print(child.pid, flush=True); input()"
)


@pytest.fixture(scope="module")
def namespace():
    require("ip")
    links = [Link(End("one", ("192.0.2.1/24",)), End("other", ("192.0.2.2/24",)))]
    with Topology(links) as topology:
        yield topology["one"]


@pytest.fixture
def start(namespace, tmp_path):
    started = []

    def program(code, **options):
        argv = [sys.executable, "-c", code]
        started.append(Program(namespace, argv, tmp_path / "program.log", **options))
        return started[-1]

    yield program
    for each in started:
        each.end()


def test_output_that_nobody_reads_does_not_stop_a_program(start, tmp_path):
    start(NOISE, talks=False)
    with subprocess.Popen(
        ["tail", "-f", "-c", "+1", str(tmp_path / "program.log")], stdout=subprocess.PIPE
    ) as tail:
        said = b""
        while b"got here" not in said:
            assert select.select([tail.stdout], [], [], 20)[0], "it hangs"
            said += os.read(tail.stdout.fileno(), 65536)
        tail.kill()
    assert said.count(b"x") == 200_000


def test_two_lines_written_at_once_are_both_heard(start):
    program = start(TWO_LINES)
    assert (program.hear(5), program.hear(5)) == ("one", "two")


def test_what_a_program_started_ends_with_it(start):
    program = start(PARENT)
    child = os.pidfd_open(int(program.hear()))
    program.end()
    assert select.select([child], [], [], 5)[0], "the child runs on"
    os.close(child)

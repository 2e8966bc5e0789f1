"""The lab as a user without any rights: in a user namespace, and gone with its first process."""

import os
import select
import signal
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

import pytest

from tests.lab.requirements import require

pytestmark = pytest.mark.lab

NOBODY = 65534
#: A virtual environment may lie where only its owner can go.
SYSTEM_PYTHON = "/usr/bin/python3"
#: Shows our packages at a place that everybody may enter, to this program only.
WRAPPED = 'mount --bind "$1" "$2" && shift 2 && exec setpriv --reuid $0 --regid $0 "$@"'


@pytest.fixture
def as_nobody(readable_source, tmp_path_factory):
    require("ip", "nft", "conntrack", "turnserver", "squid", "unshare", "setpriv", SYSTEM_PYTHON)
    version = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import sys; print(sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    )
    if version.stdout.strip() != str(sys.version_info[:2]):
        pytest.skip("the system's Python cannot load this one's packages")
    packages = Path("/tmp") / f"callgate-packages-{tmp_path_factory.getbasetemp().name}"
    packages.mkdir()

    def start(*arguments):
        return subprocess.Popen(
            [
                *("unshare", "--mount", "sh", "-c", WRAPPED, str(NOBODY)),
                *(sysconfig.get_path("purelib"), str(packages), "--clear-groups"),
                *(SYSTEM_PYTHON, "-m", "callgate", *arguments),
            ],
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{readable_source}:{packages}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    yield start
    packages.rmdir()


def refused(said):
    """Skip where the kernel gives nobody a namespace; as root that is no failure of ours."""
    if "cannot place calls here" in said:
        pytest.skip(said.strip())


def test_calls_are_placed_also_through_an_inspecting_proxy(as_nobody):
    arguments = ("lab", "run", "goto", "--scenario", "turn-tcp-443", "--family", "4")
    with as_nobody(*arguments) as program:
        out, err = program.communicate(timeout=120)
    refused(err)
    assert program.returncode == 0, err
    assert "(wrong)" not in out
    assert err.count("note: no site was described") == 1
    for path in ("tls-relay ", "tls-relay@proxy ", "none "):
        assert path in out


def programs_of(session):
    """Processes in a session and below it, by their number outside."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found = {session}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def opened(processes):
    """A descriptor for each that still runs: some live for milliseconds only."""
    for process in processes:
        with suppress(ProcessLookupError):
            yield os.pidfd_open(process)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_nothing_is_left_however_it_ends(as_nobody, number, code):
    with as_nobody("lab", "run", "goto", "--scenario", "turn-udp") as program:
        first = ""
        while "udp-relay" not in first and "cannot" not in first:
            first = program.stderr.readline()
        refused(first)
        watched = list(opened(programs_of(program.pid) - {program.pid}))
        assert len(watched) >= 4, "the client's network runs"
        if number is signal.SIGINT:
            os.killpg(program.pid, number)  # as a terminal does
        else:
            program.send_signal(number)
        for process in watched:
            assert select.select([process], [], [], 20)[0], "a program outlived the lab"
            os.close(process)
        program.communicate()
    assert program.returncode == code

import os
import subprocess
import sys
from pathlib import Path

import pytest

from callgate.lab.quality.priority import hurry

THREADS = (
    "import sys, threading\nthreading.Thread(target=sys.stdin.read).start()\nprint(flush=True)\n"
)


def test_every_thread_of_a_program_goes_before_others():
    if os.geteuid() != 0:
        pytest.skip("real-time priority needs root")
    program = subprocess.Popen(
        [sys.executable, "-c", THREADS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        program.stdout.readline()
        hurry([program.pid])
        tasks = Path(f"/proc/{program.pid}/task").iterdir()
        policies = [os.sched_getscheduler(int(task.name)) for task in tasks]
        if os.SCHED_RR not in policies:
            pytest.skip("the kernel gives no real-time priority here")
        assert policies == [os.SCHED_RR] * 2
    finally:
        program.communicate()


def test_a_program_that_is_gone_is_left_alone():
    hurry([2**22 + 1])

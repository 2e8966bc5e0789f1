"""A real measurement: UDP keeps its delay under loss, TCP does not; a killed one goes on."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from callgate.netns.namespaces import NAMED
from tests.lab.host import host_state
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

UDP, TCP, TLS = (f"av-40ms-5%-{relay}" for relay in ("udp", "tcp", "tls"))
COMMAND = (sys.executable, "-m", "callgate", "lab", "quality", "goto", "--seconds", "5")


def ours():
    return {path.name for path in NAMED.glob("callgate-*")} if NAMED.is_dir() else set()


def measure(*arguments):
    return subprocess.run(
        [*COMMAND, "-o", "json", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def runs_in(file):
    return file.read_text().count("\n") - 1 if file.exists() else 0


def test_a_killed_measurement_goes_on_and_shows_that_tcp_turns_loss_into_delay(tmp_path):
    require("ip", "nft", "turnserver")
    before, stood = host_state(), ours()
    arguments = ("--cell", f"{UDP},{TCP}", "--resume", str(tmp_path / "runs.jsonl"))
    killed = subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while runs_in(tmp_path / "runs.jsonl") < 1:
        assert killed.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.05)  # another process's file has no event to wait for
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    kept = (tmp_path / "runs.jsonl").read_text()
    assert UDP in kept.splitlines()[1]

    done = measure(*arguments)
    if done.returncode == 3:
        pytest.skip(f"the machine is too busy to measure: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs.jsonl").read_text().startswith(kept)
    assert runs_in(tmp_path / "runs.jsonl") == 2
    assert ours() <= stood
    assert host_state() == before

    udp, tcp = json.loads(done.stdout)["cells"]
    # Half a round trip of 40 ms; nothing comes earlier, and UDP's packets not much later.
    assert 20 <= udp["audio"]["p50_ms"] <= udp["audio"]["p95_ms"] < 35
    assert tcp["audio"]["p50_ms"] >= 20
    assert tcp["audio"]["p95_ms"] > 90
    # 250 packets, of which 5 % are lost on the way; TCP itself loses none.
    assert 0 < udp["audio"]["lost"]["share"] < 0.15
    assert tcp["audio"]["lost"]["count"] == tcp["audio"]["dropped_by_client"]
    assert tcp["audio"]["late_or_lost"]["share"] > udp["audio"]["late_or_lost"]["share"]
    assert tcp["mos"]["opus-40k"] < udp["mos"]["opus-40k"]


def test_tls_is_measured_and_ctrl_c_leaves_nothing(tmp_path):
    require("ip", "nft", "turnserver")
    stood = ours()
    file = tmp_path / "runs.jsonl"
    arguments = ("--cell", f"audio-40ms-0%-tls,{TLS}", "--repeat", "9", "--resume", str(file))
    running = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while runs_in(file) < 1:
        assert running.poll() is None, running.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)  # another process's file has no event to wait for
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert out == ""
    assert err.strip().splitlines()[-1] == "interrupted"
    assert ours() <= stood
    first = json.loads(file.read_text().splitlines()[1])
    assert min(delay for delay in first["delays"][0] if delay is not None) >= 20
    assert None not in first["delays"][0]

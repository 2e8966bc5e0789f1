"""Run many foreign programs at once on the client's machine: a program, driven by lines of JSON.

It stays in its seat (resolver, mount namespace), so that a fault's whole matrix costs one
round and not a start of Python for each path. A line is ``{name: {argv, until, within}}``:
a program counts as done when its output matches ``until``, when it ends, or after ``within``
seconds. The reply has what each has printed, whether it matched, and its time; and what
tcpdump saw meanwhile.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import time

#: Errors that somebody sends back, with what they are about.
CAPTURE = (
    *("tcpdump", "-i", "eth0", "-nn", "-l", "-v", "--immediate-mode"),
    "icmp or icmp6 or tcp[tcpflags] & tcp-rst != 0 or (ip6 and tcp and ip6[53] & 4 != 0)",
)


async def start(argv, stdin=asyncio.subprocess.PIPE):
    return await asyncio.create_subprocess_exec(
        *argv,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def run(job):
    began = time.monotonic()
    process = await start(job["argv"])
    text = ""
    until = job["until"] and re.compile(job["until"])
    matched = False
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(job["within"]):
            while data := await process.stdout.read(65536):
                text += data.decode(errors="replace")
                if until and until.search(text):
                    matched = True
                    break
    ended = process.returncode is not None or (not matched and process.stdout.at_eof())
    kill(process)
    await process.wait()
    return {
        "text": text,
        "matched": matched,
        "ended": ended,
        "seconds": time.monotonic() - began,
    }


async def watch(process, lines):
    while line := await process.stdout.readline():
        lines.append(line.decode(errors="replace"))


def say(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main():
    told = json.loads(sys.stdin.readline())
    helpers = [await start(argv) for argv in told["helpers"]]
    capture = await start(CAPTURE)
    lines = []
    while "listening on" not in (line := (await capture.stdout.readline()).decode()):
        if not line:
            sys.exit("tcpdump does not listen")
    watcher = asyncio.create_task(watch(capture, lines))
    say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        jobs = json.loads(line)
        lines.clear()
        found = await asyncio.gather(*map(run, jobs.values()))
        await asyncio.sleep(0.05)  # tcpdump prints a moment after the packet
        seen = dict(zip(jobs, found, strict=True))
        say({"programs": seen, "packets": "".join(lines)})
    watcher.cancel()
    for process in (*helpers, capture):
        kill(process)


asyncio.run(main())

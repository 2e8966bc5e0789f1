"""The lab with the probe at its client: run it, and read what it prints."""

import json
import sys
from pathlib import Path

from callgate.lab.atlas import PROXY_PORT
from callgate.lab.programs import Program, seated
from callgate.lab.signalling import LIGHT
from callgate.lab.turnserver import PASSWORD, USER

PROFILE = "goto"
CALLGATE = [sys.executable, "-m", "callgate"]


def arguments(atlas):
    """Every server of the lab, by the names that its DNS knows."""
    turn, vendor = atlas.turn_name, atlas.vendor_name
    endpoints = [f"turn={turn}:3478", f"turn={turn}:443", f"signalling={vendor}:443"]
    return [word for each in endpoints for word in ("--endpoint", each)]


def through_proxy(atlas, version=4):
    """The option for the lab's proxy, by address."""
    host = atlas.proxy.of(version)
    return ["--proxy", f"{host if version == 4 else f'[{host}]'}:{PROXY_PORT}"]


class Seat:
    """The client's machine; ``user`` is whom programs at it take themselves for."""

    def __init__(self, stage, user="root"):
        self.stage, self.user = stage, user
        self.credentials = stage.folder / "turn-credentials"
        self.credentials.write_text(f"{USER}\n{PASSWORD}\n")
        self.authority = stage.authority.identity.certificate

    def command(self, *more, credentials=True, authorities=None):
        """The command line for the lab's servers."""
        argv = [*CALLGATE, "probe", PROFILE, *arguments(self.stage.atlas)]
        if credentials:
            argv += ["--turn-credentials", str(self.credentials)]
        argv += ["--authorities", str(authorities or self.authority), "--websocket", LIGHT]
        return [*argv, *more]

    def run(self, *more, **options):
        """Standard output as text, standard error, and the exit code."""
        return self.run_command(self.command(*more, **options))

    def repeat(self, count, *more, within=60.0, **options):
        """What many probes say, from one process, each as JSON without its log."""
        argv = self.command(*more, "-o", "json", **options)[len(CALLGATE) :]
        many = [sys.executable, "-m", "tests.lab.probe.repeat", str(count), *argv]
        text, errors, code = self.run_command(many, within)
        assert code == 0, errors
        return [json.loads(line) for line in text.splitlines()]

    def run_command(self, argv, within=60.0):
        """Run a program at the client, and wait for it so many seconds."""
        folder = self.stage.folder
        out, code = folder / "probe.out", folder / "probe.code"
        script = (
            "import os, subprocess, sys, pathlib\n"
            "out, code, trusted, *argv = sys.argv[1:]\n"
            "os.environ['SSL_CERT_FILE'] = trusted\n"
            "with open(out, 'wb') as sink, open(out + '.err', 'wb') as errors:\n"
            "    done = subprocess.run(argv, stdout=sink, stderr=errors)\n"
            "pathlib.Path(code).write_text(str(done.returncode))\n"
            "print('done', flush=True)\n"
        )
        wrapped = [
            sys.executable,
            "-c",
            script,
            str(out),
            str(code),
            str(self.stage.trusted),
            *argv,
        ]
        seat = seated(self.stage.resolver, wrapped, self.user)
        program = Program(self.stage["client"], seat, folder / "probe.log")
        try:
            program.hear(within)
        finally:
            program.end()
        return (
            out.read_text(encoding="utf-8"),
            Path(f"{out}.err").read_text(encoding="utf-8"),
            int(code.read_text()),
        )

    def probe(self, *more, **options):
        """What the probe says, as JSON."""
        text, errors, code = self.run(*more, "-o", "json", **options)
        assert text, errors
        assert code in {0, 1, 3}, errors
        found = json.loads(text)
        found["exit"] = code
        return found


def outcomes(found):
    """Path and family to outcome and cause."""
    return {
        (each["path"], finding["family"]): (finding["outcome"], finding["cause"])
        for each in found["paths"]
        for finding in each["findings"]
    }

"""Start programs inside a namespace, know when they are ready, and end them."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import callgate
from callgate.errors import ToolError
from callgate.netns import Namespace
from callgate.netns.commands import find
from callgate.netns.stepping import inside

#: Seconds within which a server must be ready; it takes well under one.
_READY_WITHIN: Final = 20.0
_BETWEEN_TRIES: Final = 0.02


class Program:
    """A running program. Its errors go to a log, and its output to us.

    The output of one that does not ``talk`` to us goes to the log, too: in a pipe that
    nobody reads it would wait for us after 64 KiB, and every call after that for it.
    """

    def __init__(
        self, namespace: Namespace, argv: Sequence[str], log: Path, *, talks: bool = True
    ) -> None:
        self._log = log
        path = find(argv[0])
        if path is None:
            raise ToolError(f"the program {argv[0]!r} is not installed")
        with inside(namespace.path), log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - a list, found by name, no shell
                [path, *argv[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if talks else output,
                stderr=output,
                # What was read ahead, select would not know of.
                bufsize=0,
                env=_environment(),
                # A Ctrl-C is for us; we end the programs ourselves.
                start_new_session=True,
            )

    def tell(self, settings: object) -> None:
        """Send one line of JSON to its standard input."""
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(settings).encode() + b"\n")
            self._process.stdin.flush()

    def hear(self, within: float = _READY_WITHIN) -> str:
        """The next line of its standard output; ToolError when none comes in time."""
        output = self._process.stdout
        if output is None or not select.select([output], [], [], within)[0]:
            raise ToolError(f"{self._name} said nothing for {within:.0f} s", hint=self._tail())
        line = output.readline().decode()
        if not line:
            raise ToolError(f"{self._name} ended too early", hint=self._tail())
        return line.rstrip("\n")

    def hear_json(self, within: float = _READY_WITHIN) -> dict[str, Any]:
        """The next line, which is an object in JSON."""
        found: dict[str, Any] = json.loads(self.hear(within))
        return found

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def check(self) -> None:
        """ToolError, with the end of its log, when the program is no longer running."""
        if self._process.poll() is not None:
            raise ToolError(f"{self._name} ended too early", hint=self._tail())

    def freeze(self) -> None:
        """Stop it where it stands; :meth:`end` still ends it."""
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """Kill it alone, from any thread: whoever waits for its words gets an error."""
        self._process.kill()

    def end(self) -> None:
        """Kill it with whatever it started, and wait for its end."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    @property
    def _name(self) -> str:
        return self._log.stem

    def _tail(self) -> str | None:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " / ".join(lines[-3:]) or None


def ours(module: str) -> list[str]:
    """The command line that runs a module of this room."""
    return [sys.executable, "-m", f"callgate.lab.{module}"]


def seated(resolver: Path, argv: Sequence[str], user: str = "root") -> list[str]:
    """The command line of a program that sees another ``/etc/resolv.conf``.

    A ``user`` other than root is whom it takes itself for (:mod:`callgate.lab.seat`).
    """
    return [*ours("seat"), str(resolver), user, find(argv[0]) or argv[0], *argv[1:]]


def await_ports(
    program: Program, namespace: Namespace, addresses: Iterable[str], ports: Iterable[int]
) -> None:
    """Wait until a program accepts TCP connections at every address and port."""
    deadline = time.monotonic() + _READY_WITHIN
    wanted = [(address, port) for address in addresses for port in ports]
    while wanted:
        program.check()
        if _accepts(namespace, *wanted[-1]):
            wanted.pop()
        elif time.monotonic() > deadline:
            raise ToolError(f"nothing listens at {wanted[-1][0]} port {wanted[-1][1]}")
        else:
            time.sleep(_BETWEEN_TRIES)  # a foreign program has no event to wait for


def _accepts(namespace: Namespace, address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with namespace.socket(family, socket.SOCK_STREAM) as tried:
        return tried.connect_ex((address, port)) == 0


def _environment() -> dict[str, str]:
    """Ours without proxies, and with this package where Python finds it."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    above = str(Path(callgate.__file__).parents[1])
    return kept | {"PYTHONPATH": os.pathsep.join([above, *sys.path[1:]]), "LC_ALL": "C.UTF-8"}

"""The real client, a program: ``python -m callgate.lab.browser_client`` places one call.

Like :mod:`callgate.lab.light_client` it reads its orders as a line of JSON, prints a line
when media is about to start, waits for a line, and prints what it measured; the call is
placed by Chromium. ``home`` is a folder with its certificate store, ``profile`` one that
does not exist yet. It ends with its standard input, and the browser with it.
"""

import asyncio
import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from callgate.errors import ToolError
from callgate.lab import browser_report, chromium
from callgate.lab.audio import INTERVAL
from callgate.lab.devtools import Page
from callgate.lab.ladder import RUNGS
from callgate.lab.signalling import BROWSER, PAGE

#: Seconds until the browser must be there, and that the call may take.
_START: Final = 30.0
_PATIENCE: Final = 12.0
_LISTENING: Final = re.compile(rb"DevTools listening on (ws://\S+)")


async def start(settings: dict[str, Any]) -> str:
    """Start the browser; the address of its DevTools. ToolError when it does not come."""
    proxy = settings["proxy"] and "http://{}:{}".format(*settings["proxy"])
    process = await asyncio.create_subprocess_exec(
        *chromium.command(Path(settings["profile"]), proxy),
        env={**os.environ, "HOME": settings["home"]},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    if process.stderr is None:
        raise ToolError("the browser has no standard error")
    async with asyncio.timeout(_START):
        async for line in process.stderr:
            sys.stderr.buffer.write(line)
            if found := _LISTENING.search(line):
                # What else it says is of no interest, and must not fill the pipe.
                _DRAINS.add(asyncio.create_task(_drain(process.stderr)))
                return found[1].decode()
    raise ToolError("the browser ended too early")


_DRAINS: set[asyncio.Task[None]] = set()


async def _drain(output: asyncio.StreamReader) -> None:
    async for line in output:
        sys.stderr.buffer.write(line)


def ice_servers(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The TURN servers that the vendor offers, in the form that a browser takes."""
    urls = [
        f"turn{'s' if rung.tls else ''}:{settings['turn']}:{rung.port}?transport={rung.protocol}"
        for rung in RUNGS
        if rung.port is not None
    ]
    return [{"urls": urls, "username": settings["user"], "credential": settings["password"]}]


async def place(page: Page, settings: dict[str, Any]) -> dict[str, Any]:
    """Load the vendor's page and let it set up a call; what the page says of it."""
    host = settings["vendor"]
    try:
        async with asyncio.timeout(_PATIENCE):
            trouble = await page.open(f"https://{host}{PAGE}")
    except TimeoutError:
        trouble = "no answer in time"
    if trouble is not None:
        return {"chosen": None, "step": "page", "error": trouble, "errors": []}
    order = {
        "signalling": f"wss://{host}{BROWSER}",
        "iceServers": ice_servers(settings),
        "patience": _PATIENCE * 1000,
    }
    return await page.run(f"place({json.dumps(order)})") or {}


async def main(settings: dict[str, Any]) -> None:
    """Place the call and report."""
    proxied = settings["proxy"] is not None
    async with Page(await start(settings)) as page:
        report = await place(page, settings)
        chosen = browser_report.path_of(report["chosen"], proxied=proxied)
        _say(
            {
                "chosen": chosen,
                "setup_ms": None if chosen is None else round(report["setup"]),
                "troubles": browser_report.troubles(report, chosen, proxied=proxied),
            }
        )
        if chosen is not None:
            await asyncio.to_thread(sys.stdin.readline)
            order = {"seconds": settings["packets"] * INTERVAL}
            measured = await page.run(f"measure({json.dumps(order)})") or {}
            found = browser_report.quality(measured)
            _say(asdict(found) if found else {})
        await page.send("Browser.close")


def _say(report: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))

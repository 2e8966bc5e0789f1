"""What a PAC file is told of the world: DNS answers, the client's address, the time."""

from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import Any, TypeVar

import click

from callgate.cli.files import read_text
from callgate.errors import UsageError
from callgate.pac import dns_table
from callgate.pac.readers import READERS
from callgate.pac.sandbox import World

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--dns",
        metavar="FILE",
        help="DNS answers in the form of a hosts file; '- NAME' for one that does not exist.",
    ),
    click.option(
        "--address",
        "addresses",
        multiple=True,
        metavar="ADDR[,ADDR]",
        help="The client's own address (myIpAddress); repeatable.",
    ),
    click.option(
        "--at",
        metavar="TIME",
        help="The client's clock, e.g. 2026-11-27T08:30 or …+01:00 (default: now).",
    ),
    click.option(
        "--reader",
        "readers",
        multiple=True,
        type=click.Choice(list(READERS)),
        help="Which client reads the file; repeatable.",
    ),
)


def pac_options(command: Command) -> Command:
    """Add the flags; the command gets them as ``**flags``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def world_from(flags: dict[str, Any]) -> World:
    """What the flags say of the world; InputError and UsageError for what is not so."""
    table = dns_table.parse(read_text(flags["dns"]), flags["dns"]) if flags["dns"] else {}
    texts = [text.strip() for each in flags["addresses"] for text in each.split(",")]
    return World(table, tuple(map(_address, texts)), _time(flags["at"]), bool(flags["at"]))


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise UsageError(f"--address: not an IP address: {text!r}") from None


def _time(text: str | None) -> datetime:
    if text is None:
        return datetime.now().astimezone()
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone() if read.tzinfo is None else read
    except (ValueError, OverflowError):
        raise UsageError(
            f"--at {text!r} is not a time", hint="for example 2026-11-27T08:30 or …T08:30+01:00"
        ) from None

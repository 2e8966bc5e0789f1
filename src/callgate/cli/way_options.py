"""The flags that say which configuration is meant and which way through it packets take."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from callgate.check.asking import Question
from callgate.check.audit import choose_entry
from callgate.policy.site import On
from callgate.rules import Ruleset

Command = TypeVar("Command", bound=Callable[..., Any])

#: A host's traffic to itself is no opening, and no call goes that way.
_LOOPBACK = ("lo",)

_OPTIONS = (
    click.option(
        "--dialect",
        default="auto",
        show_default=True,
        metavar="NAME",
        help="Language of the configuration; auto tells it by the content.",
    ),
    click.option(
        "--chain",
        "--zone",
        "--interface",
        "entry",
        metavar="NAME",
        help="The way through the device that packets take.",
    ),
    click.option("--in", "in_interface", metavar="NAME", help="Interface that they come in by."),
    click.option("--out", "out_interface", metavar="NAME", help="Interface that they leave by."),
)


def way_options(command: Command) -> Command:
    """Add the flags; the command gets them as ``**flags``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


#: For commands that have no site: whether a router forwards the packets or a host sends them.
on_option = click.option(
    "--on",
    type=click.Choice([str(each) for each in On]),
    default="router",
    show_default=True,
    help="The box that enforces: a router (forward) or the host itself (output).",
)


def question_about(ruleset: Ruleset, on: On, flags: dict[str, Any]) -> Question:
    """The way through a configuration that the flags name; UsageError when there is none."""
    interfaces = (flags["in_interface"], flags["out_interface"])
    entry = choose_entry(ruleset, on, flags["entry"], interfaces)
    return Question(
        entry.name,
        in_interface=interfaces[0],
        out_interface=interfaces[1],
        not_through=_LOOPBACK if on is On.HOST and None in interfaces else (),
    )

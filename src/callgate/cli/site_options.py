"""The site flags: one meaning for every command. A flag overrides the site file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from callgate.cli.files import read_text
from callgate.errors import InputError, UsageError
from callgate.flows import Family, Network
from callgate.policy.network_text import parse_network_text
from callgate.policy.site import (
    ALL,
    POSITION_MAX,
    Apply,
    Edge,
    Final,
    Inspection,
    Management,
    MergePoint,
    On,
    Site,
    Target,
)
from callgate.policy.site_file import load_site
from callgate.policy.site_formats import check_device_name, check_option_text
from callgate.policy.site_values import parse_endpoint, parse_proxy

Command = TypeVar("Command", bound=Callable[..., Any])
Value = TypeVar("Value")

_NETWORK_HINT = "for example 192.0.2.0/24, 192.0.2.7 or 2001:db8::/32"
_FAMILIES = {"4": (Family.V4,), "6": (Family.V6,), "both": (Family.V4, Family.V6)}

_OPTIONS = (
    click.option("--site", "site_file", metavar="FILE", help="Site file (YAML or TOML)."),
    click.option(
        "--client",
        "clients",
        multiple=True,
        metavar="NET[,NET]",
        help="Network of the clients; repeatable.",
    ),
    click.option(
        "--network",
        "networks",
        multiple=True,
        metavar="NAME=NET,…|@FILE|all",
        help="Supply an unpublished network list, from a file as pasted, or choose All.",
    ),
    click.option(
        "--resolver",
        "resolvers",
        multiple=True,
        metavar="ADDR",
        help="DNS resolver of the clients; repeatable.",
    ),
    click.option("--proxy", metavar="HOST:PORT[=ADDR]", help="The app's HTTP proxy."),
    click.option("--default-proxy", metavar="HOST:PORT", help="Proxy for everything else (PAC)."),
    click.option(
        "--product",
        "products",
        multiple=True,
        metavar="NAME",
        help="Part of the application that the site uses; repeatable.",
    ),
    click.option(
        "--endpoint",
        "endpoints",
        multiple=True,
        metavar="ROLE=HOST:PORT",
        help="A server that the document does not name; repeatable.",
    ),
    click.option("--family", type=click.Choice(list(_FAMILIES)), help="Address families."),
)

_ENFORCEMENT = (
    click.option(
        "--on",
        type=click.Choice([str(each) for each in On]),
        help="The box that enforces: a router (forward) or the host itself (output).",
    ),
    click.option(
        "--edge",
        type=click.Choice([str(each) for each in Edge]),
        help="With a proxy: the place that the policy is for.",
    ),
    click.option(
        "--apply",
        "apply_as",
        type=click.Choice([str(each) for each in Apply]),
        help="A complete ruleset, or allows placed inside the site's own.",
    ),
    click.option(
        "--into",
        metavar="TABLE/CHAIN[:POSITION]",
        help="Merge point in the site's ruleset, e.g. 'inet filter/forward:1'.",
    ),
    click.option("--block/--no-block", default=None, help="End with the final block, or do not."),
    click.option(
        "--final",
        type=click.Choice([str(each) for each in Final]),
        help="How the final block answers.",
    ),
    click.option(
        "--by-domain",
        is_flag=True,
        default=None,
        help="Limit TCP to the document's domains (stricter than the document).",
    ),
    click.option(
        "--inspection",
        type=click.Choice([str(each) for each in Inspection]),
        help="What the site's TLS inspection opens.",
    ),
    click.option(
        "--management",
        metavar="NET[,NET]|none",
        help="Who may open SSH to a host that enforces (default: everyone).",
    ),
)


_TARGET = (
    click.option("--inside", metavar="NAME", help="The device's zone or interface to the clients."),
    click.option("--outside", metavar="NAME", help="The device's zone or interface to the vendor."),
    click.option("--before", metavar="NAME", help="The site's own rule that ours must precede."),
    click.option(
        "--option",
        "options",
        multiple=True,
        metavar="NAME=VALUE",
        help="A choice that the dialect offers; repeatable.",
    ),
)


def split_names(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The names in options that may be repeated or hold commas."""
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def site_options(command: Command) -> Command:
    """Add the flags that describe a site; the command gets them as ``**flags``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def enforcement_options(command: Command) -> Command:
    """Add the flags that say where and how rules are enforced."""
    for option in reversed(_ENFORCEMENT):
        command = option(command)
    return command


def target_options(command: Command) -> Command:
    """Add the flags that only one device understands."""
    for option in reversed(_TARGET):
        command = option(command)
    return command


def site_from(flags: dict[str, Any]) -> Site:
    """The site that the file and the flags say together; raises our own errors only."""
    site = _from_file(flags.get("site_file"))
    changes: dict[str, Any] = {}
    for name in ("clients", "resolvers"):
        if flags.get(name):
            changes[name] = tuple(
                net for text in flags[name] for net in _networks(text, f"--{name[:-1]}")
            )
    if flags.get("networks"):
        changes["networks"] = site.networks | dict(map(_named_networks, flags["networks"]))
    for name in ("proxy", "default_proxy"):
        if flags.get(name):
            changes[name] = _value(parse_proxy, flags[name], f"--{name.replace('_', '-')}")
    if flags.get("endpoints"):
        changes["endpoints"] = tuple(
            _value(parse_endpoint, text, "--endpoint") for text in flags["endpoints"]
        )
    if flags.get("products"):
        changes["products"] = flags["products"]
    if flags.get("family"):
        changes["families"] = _FAMILIES[flags["family"]]
    return replace(site, **changes, **_enforcement(flags), target=_target(site.target, flags))


def _target(target: Target, flags: dict[str, Any]) -> Target:
    names = {name: flags[name] for name in ("inside", "outside", "before") if flags.get(name)}
    for name, text in names.items():
        _value(check_device_name, text, f"--{name}")
    given = dict(map(_option, flags.get("options") or ()))
    return replace(target, **names, options=target.options | given)


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--option {text!r} is not NAME=VALUE")
    _value(check_option_text, value, f"--option {name}")
    return name, value


def _enforcement(flags: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for flag, field, words in (
        ("on", "on", On),
        ("edge", "edge", Edge),
        ("apply_as", "apply", Apply),
        ("final", "final", Final),
        ("inspection", "inspection", Inspection),
    ):
        if flags.get(flag):
            changes[field] = words(flags[flag])
    for flag in ("block", "by_domain"):
        if flags.get(flag) is not None:
            changes[flag] = flags[flag]
    if flags.get("into"):
        changes["merge"] = parse_merge_point(flags["into"])
        changes.setdefault("apply", Apply.MERGE)
    if flags.get("management"):
        changes["management"] = _management(flags["management"])
    return changes


def parse_merge_point(text: str) -> MergePoint:
    """Read ``inet filter/forward:3``; UsageError when it is not of that form."""
    table, slash, rest = text.partition("/")
    chain, colon, position = rest.partition(":")
    if not (table.strip() and slash and chain.strip()):
        raise UsageError(
            f"--into {text!r} is not TABLE/CHAIN[:POSITION]",
            hint="for example --into 'inet filter/forward' or --into filter/FORWARD:2",
        )
    if colon and not _is_position(position):
        raise UsageError(
            f"--into: the position {position!r} is not a number from 1 to {POSITION_MAX}",
            hint="leave it out for the first place in the chain",
        )
    return MergePoint(table.strip(), chain.strip(), int(position) if colon else 1)


def _is_position(text: str) -> bool:
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(POSITION_MAX))
    return digits and 1 <= int(text) <= POSITION_MAX


def _networks(text: str, flag: str) -> tuple[Network, ...]:
    """Networks on the command line; every mistake says what would be right."""
    try:
        return parse_network_text(text, flag)
    except InputError as error:
        raise InputError(
            replace(each, hint=each.hint or _NETWORK_HINT) for each in error.mistakes
        ) from None


def _management(text: str) -> Management | None:
    if text == "none":
        return None
    return Management(sources=_networks(text, "--management"))


def _from_file(name: str | None) -> Site:
    if name is None:
        return Site()
    return load_site(read_text(name), name)


def _named_networks(text: str) -> tuple[str, tuple[Network, ...] | str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(
            f"--network {text!r} is not NAME=NETWORK,…", hint="or NAME=@FILE, NAME=all"
        )
    if value == ALL:
        return name, ALL
    if value.startswith("@"):
        return name, parse_network_text(read_text(value[1:]), value[1:])
    return name, _networks(value, f"--network {name}")


def _value(parse: Callable[[str], Value], text: str, flag: str) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from None

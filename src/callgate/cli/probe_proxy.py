"""Which proxy the probe goes through: the site's, a PAC file's, or this machine's."""

from collections.abc import Callable
from typing import Any

from callgate.errors import UsageError
from callgate.policy.site import Proxy, Site

Choose = Callable[[str], Proxy | None]


def proxy_choice(site: Site, flags: dict[str, Any]) -> tuple[Choose, str]:
    """For each host its proxy, and in words where that was found."""
    given = [
        name
        for name, value in (
            ("--no-proxy", flags["no_proxy"]),
            ("--pac", flags["pac"]),
            ("--proxy", flags["proxy"]),
        )
        if value
    ]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} contradict each other")
    if flags["no_proxy"]:
        return lambda _host: None, "--no-proxy"
    if flags["pac"]:
        from callgate.probe.wire.automatic import Automatic  # noqa: PLC0415 - an extra

        return Automatic(flags["pac"]).proxy, f"from {flags['pac']}"
    if site.proxy is not None:
        return lambda _host: site.proxy, "from the site"
    return _of_machine, "this machine's setting"


def _of_machine(host: str) -> Proxy | None:
    from callgate.probe.wire.system_proxy import system_proxy  # noqa: PLC0415

    try:
        return system_proxy(host)
    except ValueError as error:
        raise UsageError(
            f"this machine's proxy setting cannot be used: {error}",
            hint="--proxy HOST:PORT, or --no-proxy",
        ) from None

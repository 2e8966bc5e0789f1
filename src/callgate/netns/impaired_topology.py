"""Impair a link of a topology that stands: a TUN link takes the place of its veth pair.

Names of interfaces, addresses and routes stay, so rules by name (``oifname``) and programs
that listen go on working. An interface's index does not: rules by index (``oif``), sockets
bound to the interface and packet sockets must come after.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from callgate.netns import routes
from callgate.netns.impairment import LinkImpairment
from callgate.netns.namespaces import Namespace
from callgate.netns.tun_link import Port, TunLink


@contextmanager
def impaired(
    one: tuple[Namespace, str], other: tuple[Namespace, str], impairment: LinkImpairment
) -> Iterator[TunLink]:
    """Replace the veth pair between two interfaces; ``there`` is from one to the other.

    There is no link any more after the body. ToolError when there is no such interface,
    or no TUN device to be had; then too the link is gone.
    """
    ends = (one, other)
    ports = [_port(*end) for end in ends]
    kept = [(end[0], family, _routes(*end, family)) for end in ends for family in routes.FAMILIES]
    # A veth takes its peer with it.
    one[0].run("ip", "link", "delete", one[1])
    with TunLink(ports[0], ports[1], impairment) as link:
        for namespace, family, found in kept:
            routes.replace(namespace, family, found)
        yield link


def _port(namespace: Namespace, interface: str) -> Port:
    text = namespace.run("ip", "-json", "address", "show", "dev", interface)
    addresses = json.loads(text)[0]["addr_info"]
    return Port(
        namespace, interface, tuple(f"{each['local']}/{each['prefixlen']}" for each in addresses)
    )


def _routes(namespace: Namespace, interface: str, family: str) -> list[str]:
    """Those that someone has set; the kernel sets its own from the addresses."""
    found = routes.shown(namespace, family, interface)
    return [route for route in found if " proto kernel" not in route]

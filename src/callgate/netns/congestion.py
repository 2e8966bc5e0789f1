"""Pin the congestion control of TCP: some algorithms hide what loss does to a call.

BBR does not take a lost packet for congestion, so media over TCP looks better with it than
where CUBIC (RFC 9438), the default of most systems, runs. Namespaces share the kernel's
list of allowed algorithms and cannot change it, but a route may name its own
(``congctl``, ip-route(8)).
"""

from typing import Final

from callgate.netns import routes
from callgate.netns.namespaces import Namespace

#: What most systems run.
USUAL: Final = "cubic"


def pin(namespace: Namespace, algorithm: str = USUAL) -> None:
    """Make TCP on every route that the namespace has now use an algorithm.

    Programs cannot choose another one on these routes. Routes added later are not pinned.
    Raises ToolError when the kernel does not have the algorithm.
    """
    for family in routes.FAMILIES:
        pinned = [f"{each} congctl lock {algorithm}" for each in routes.shown(namespace, family)]
        routes.replace(namespace, family, pinned)

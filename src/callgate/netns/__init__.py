"""Private network namespaces: what tests, ``make run`` and the lab share (Linux I/O).

Theory of operation
-------------------
* A :class:`Topology` is namespaces, veth links, addresses and routes. It is built by one
  ``ip -batch`` for all namespaces and links and one more inside each namespace.
* Every namespace is called ``callgate-<hex>-<role>``. The owner holds a lock on
  ``/run/callgate/<hex>`` for as long as it lives; the kernel lets go of the lock when the
  owner dies, however it dies. :func:`clean` removes what belongs to a lock that nobody
  holds, and nothing else.
* A program or a socket gets into a namespace because the calling thread steps inside
  while it is made (``setns``); the thread always steps back out.
* A link can be impaired (:mod:`callgate.netns.tun_link`); a process of its own then moves
  the packets, and ends with its owner.
* The host's own rules, routes and files are never touched. Without root, the same code
  runs in a user namespace with a ``/run`` of its own (:mod:`callgate.netns.rights`).
"""

from callgate.netns.namespaces import Namespace
from callgate.netns.ownership import Ownership, clean
from callgate.netns.rights import Rights, enter_user_namespace, rights
from callgate.netns.topology import End, Link, Route, Topology

__all__ = [
    "End",
    "Link",
    "Namespace",
    "Ownership",
    "Rights",
    "Route",
    "Topology",
    "clean",
    "enter_user_namespace",
    "rights",
]

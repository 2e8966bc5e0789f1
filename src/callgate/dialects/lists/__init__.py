"""Lists of names for products that are run elsewhere: written, and read as devices (pure).

Theory of operation
-------------------
* A list is one entry a line and nothing else: these formats know no comments, so what is to
  be said stands in a file beside it (:mod:`.instructions`), with how to take it back.
* How an entry is read is the business of the product's matcher
  (:mod:`callgate.names.matchers`); what a list takes in besides the document's names, and
  how deep it reaches, is computed from that and not written by hand.
* :mod:`.limits` holds how long a list may be, with the page that says so.
* :mod:`.reading` makes a :class:`~callgate.rules.proxy.ProxyRuleset` of a list, which
  ``callgate check`` asks like a proxy that says nothing but names.
"""

from callgate.dialects.lists.fortigate import FortigateProxy
from callgate.dialects.lists.pan import PanEdl
from callgate.dialects.lists.umbrella import Umbrella
from callgate.dialects.lists.zscaler import Zscaler

__all__ = ["FortigateProxy", "PanEdl", "Umbrella", "Zscaler"]

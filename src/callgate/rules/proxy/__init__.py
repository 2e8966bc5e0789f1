"""What a proxy's configuration says: who may reach which name, and whose TLS it opens (pure).

Theory of operation
-------------------
* A :class:`Request` is one CONNECT (or, inside a bumped one, one GET) for a host and a port.
  Part of its host may be free: ``free`` leading characters stand for any label that nothing
  else names, so that one request speaks for every name of an extent.
* A *test* is true or false of a request. What a request does not tell (the time, who has
  logged in, where a name leads) is known by its text, so that the same doubt is the same
  free yes or no wherever it stands.
* A :class:`RuleList` is walked from the top: the first rule whose terms all hold decides,
  else the list's end does. Access may have several lists in series, and each must allow.
* :class:`Inspection` is what becomes of the TLS inside: a list that is asked again as more
  is known (SslBump steps 1 to 3), with or without an end of its own.
* A list dialect (URL categories, exemption lists) is such a ruleset too: its entries are
  the rules, and what no entry names is what the end says.

Entries keep how the product reads them (:class:`~callgate.names.extents.Extent`), so that
what is asked about ``*.goto.com`` can be answered for every name of it and not for samples.
"""

from callgate.rules.proxy.expressions import Expression, Unreadable
from callgate.rules.proxy.requests import Request
from callgate.rules.proxy.rulelist import Act, Decides, ProxyRule, RuleList
from callgate.rules.proxy.ruleset import Inspection, Listener, NameEntry, ProxyRuleset, Role
from callgate.rules.proxy.tests import (
    AllOf,
    AnyOf,
    Constant,
    Entries,
    Expressions,
    Methods,
    Ports,
    Sources,
    Steps,
    Term,
    Test,
    Unknown,
)

__all__ = [
    "Act",
    "AllOf",
    "AnyOf",
    "Constant",
    "Decides",
    "Entries",
    "Expression",
    "Expressions",
    "Inspection",
    "Listener",
    "Methods",
    "NameEntry",
    "Ports",
    "ProxyRule",
    "ProxyRuleset",
    "Request",
    "Role",
    "RuleList",
    "Sources",
    "Steps",
    "Term",
    "Test",
    "Unknown",
    "Unreadable",
]

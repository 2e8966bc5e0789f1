"""Reading squid.conf (pure).

Theory of operation
-------------------
* :mod:`.lines` gives statements as Squid sees them: continued, included, conditional.
* :mod:`.acls` collects the ``acl`` lines, :mod:`.kinds` makes a test of each, and
  :mod:`.rulelists` the rules that name them, in order, with the end that Squid implies.
* :mod:`.listeners`, :mod:`.parents` and :mod:`.lifetimes` read what else decides about a
  tunnel. Every other directive is idle here, or reported (:mod:`.keywords`).
* What ``squid -k parse`` refuses is a mistake; what it passes over with a warning is a
  finding, because the administrator believes that it does something.
"""

from callgate.dialects.squid.reading.reader import SquidReader

__all__ = ["SquidReader"]

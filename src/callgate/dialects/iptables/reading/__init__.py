"""Reading iptables-save and ip6tables-save (pure).

Theory of operation
-------------------
* :mod:`~.refusals` sends away what is no such text, with a hint, and :mod:`~.sections`
  cuts the rest into tables: chains, and the lines of rules.
* :mod:`~.build` reads the rules of a table, each by :class:`~.rule.RuleReader`: a line is
  cut into words (:mod:`~.tokens`), and each option (:mod:`~.options`) adds one constraint
  to a :class:`~.draft.Draft`, which becomes one match or, where an option says "this or
  that", several.
* What we do not model is a condition with the words of the rule (:mod:`~.groups`,
  :mod:`~.grammar`), so it can neither be lost nor change its meaning.
* :mod:`~.series` puts the chains of all tables that can stop a packet into the order in
  which netfilter walks them.

Long dumps are read fast because equal words are read once (:class:`~.values.Values`), and
columns are counted only for what has to be reported.
"""

from callgate.dialects.iptables.reading.reader import IptablesReader

__all__ = ["IptablesReader"]

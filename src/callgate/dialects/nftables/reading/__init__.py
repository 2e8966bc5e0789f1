"""Read nftables text (pure): tokens, grammar, meaning.

Theory of operation
-------------------
Three steps, each knows only the one before it:

* :mod:`~callgate.dialects.nftables.reading.tokens` cuts text into tokens with places, and
  :mod:`~callgate.dialects.nftables.reading.cursor` splices includes and definitions in;
* the grammar (``commands``, ``blocks``, ``statements``, ``expressions``, ``selectors``)
  builds the tree of ``tree``: structure, no meaning. Broken structure is a mistake with
  its place; a word inside a rule that we do not know is not, it is kept as text;
* the meaning (``fields``, ``relations``, ``matches``, ``verdicts``, ``rules``,
  ``ruleset``) turns the tree into a :class:`~callgate.rules.Ruleset`. What has no
  dimension there becomes a condition, named by its text.
"""

from callgate.dialects.nftables.reading.reader import NftablesReader

__all__ = ["NftablesReader"]

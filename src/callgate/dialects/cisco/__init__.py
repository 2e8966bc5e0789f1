"""What the readers of Cisco's ASA and of IOS share (pure).

Theory of operation
-------------------
* :mod:`~callgate.dialects.cisco.lines` cuts a text into lines of words and puts the lines
  of a submode under their head. As on the device a line is tried in the submode first:
  indentation says so where there is some, the words where there is none.
* :mod:`~callgate.dialects.cisco.cursor` reads one line from left to right; what it cannot
  read raises :class:`~callgate.dialects.cisco.cursor.Unreadable` with what was expected.
* A line's two ends are :data:`~callgate.dialects.cisco.ends.End` values and its protocols
  and ports :class:`~callgate.dialects.cisco.services.Service` values; groups hold either
  (:mod:`~callgate.dialects.cisco.groups`), and :mod:`~callgate.dialects.cisco.entry_lines`
  turns them into rules.
* A line of an access list that cannot be read stays a rule with its action and the whole
  line as a condition: a permit that we cannot read can permit, and cannot deny.
* Everything else is one of three: modelled, *irrelevant* by its keyword, or reported as
  unmodelled with its place (:mod:`~callgate.dialects.cisco.findings`).
"""

"""Texts that try to leave the place where they are put."""

from hypothesis import strategies as st

#: Fragments with a meaning somewhere: nft, iptables-restore, a shell, a terminal, Unicode.
FRAGMENTS = (
    '"', "'", "`", "\\", "\n", "\r", "\0", "\t", "{", "}", ";", "#", "$(reboot)", "${x}", "$x",
    "@define", "accept", 'accept comment "', "flush ruleset", "-j ACCEPT", "COMMIT", "*nat",
    "*/", "//", "\u2028", "\u2029", "\x85", "\u202e", "\u200b", "\ud800", "\x1b[2J", "ü", "東京",
    "\U0001f525", "-", "_", "fwd", "0", " ",
)  # fmt: skip


def hostile():
    """A short text of such fragments and of any other characters."""
    pieces = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5))
    return st.lists(pieces, max_size=60).map("".join)

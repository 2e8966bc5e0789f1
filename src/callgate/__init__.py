"""Callgate: the smallest opening that lets the calling app work.

The package is a set of rooms; each imports only the rooms listed above it in
``docs/concepts.md``, and the pure ones touch neither network nor clock.
"""

__version__ = "0.1.0"

"""Aerleon: a policy and its definitions, for shops that generate with it."""

from callgate.dialects.aerleon.dialect import Aerleon

__all__ = ["Aerleon"]

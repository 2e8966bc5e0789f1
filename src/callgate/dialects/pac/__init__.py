"""Proxy auto-configuration: which proxy a client takes, by name (pure)."""

from callgate.dialects.pac.dialect import Pac

__all__ = ["Pac"]

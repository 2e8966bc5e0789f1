"""Squid (pure): a whole ``squid.conf``, or a fragment for the site's own."""

from callgate.dialects.squid.dialect import Squid

__all__ = ["Squid"]

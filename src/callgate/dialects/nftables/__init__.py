"""nftables (pure): own ``table inet callgate``, or own chain inside the site's table."""

from callgate.dialects.nftables.dialect import Nftables

__all__ = ["Nftables"]

"""iptables and ip6tables (pure): own chains in restore files for both families."""

from callgate.dialects.iptables.dialect import Iptables

__all__ = ["Iptables"]

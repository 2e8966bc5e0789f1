"""dnsmasq (pure): sets of a packet filter, filled with the addresses of names."""

from callgate.dialects.dnsmasq.dialect import Dnsmasq

__all__ = ["Dnsmasq"]

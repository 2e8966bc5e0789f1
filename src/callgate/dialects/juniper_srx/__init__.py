"""Juniper SRX: policies out; zones, policies and filters of a configuration in."""

from callgate.dialects.juniper_srx.dialect import Srx
from callgate.dialects.juniper_srx.reading.reader import SrxReader

__all__ = ["Srx", "SrxReader"]

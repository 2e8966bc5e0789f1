"""Domain names and patterns, and how each product reads them (pure).

``callgate.names.matchers`` holds the products.
"""

from callgate.names.extents import Extent
from callgate.names.patterns import DomainPattern

__all__ = ["DomainPattern", "Extent"]

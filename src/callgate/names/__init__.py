"""Domain names and patterns, and how each product reads them (pure)."""

from callgate.names.patterns import DomainPattern

__all__ = ["DomainPattern"]

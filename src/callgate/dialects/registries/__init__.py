"""Words that rules may use in place of a number: protocols, services, ICMP types (pure).

They are those that Linux tools know. What is not here is *unknown*: a reader says so, and
never guesses.
"""

from callgate.dialects.registries.icmp import icmp_type
from callgate.dialects.registries.protocols import protocol_number
from callgate.dialects.registries.services import service_port

__all__ = ["icmp_type", "protocol_number", "service_port"]

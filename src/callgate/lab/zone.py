"""What the lab's DNS answers (pure: a message in, a message out)."""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from callgate.names import DomainPattern

_SECONDS = 60  # time to live


@dataclass(frozen=True, slots=True)
class Zone:
    """The names that exist: ``hosts`` by their own name, else ``below`` of the patterns.

    Addresses are lists of texts, of either family. Every other name does not exist.
    """

    hosts: dict[str, Sequence[str]]
    patterns: tuple[DomainPattern, ...]
    below: Sequence[str]

    def addresses(self, name: str) -> Sequence[str] | None:
        """The addresses of a name; None when it does not exist."""
        plain = name.removesuffix(".").lower()
        if plain in self.hosts:
            return self.hosts[plain]
        return self.below if any(each.matches(plain) for each in self.patterns) else None

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The response to a query of one question."""
        response = dns.message.make_response(query, recursion_available=True)
        response.flags |= dns.flags.AA
        question = query.question[0]
        found = self.addresses(question.name.to_text())
        if found is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
            return response
        kind = question.rdtype
        wanted = {dns.rdatatype.A: False, dns.rdatatype.AAAA: True}.get(kind)
        texts = [each for each in found if (":" in each) is wanted]
        if texts:
            response.answer.append(dns.rrset.from_text(question.name, _SECONDS, "IN", kind, *texts))
        return response

"""What a resolver that misbehaves answers (pure: a message in, a message out)."""

from dataclasses import dataclass
from typing import Final

import dns.message
import dns.rcode

from callgate.lab.faults.changes import Trouble
from callgate.lab.zone import Zone

#: Seconds by which a slow resolver is late: more than a client waits before it asks again.
LATE: Final = 1.5
_RCODES: Final = {
    Trouble.NXDOMAIN: dns.rcode.NXDOMAIN,
    Trouble.SERVFAIL: dns.rcode.SERVFAIL,
    Trouble.REFUSED: dns.rcode.REFUSED,
}
_NOWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - as an answer, the unspecified address


@dataclass(frozen=True, slots=True)
class Misleading:
    """A zone seen through a trouble, which may concern one name only."""

    zone: Zone
    trouble: Trouble
    name: str | None = None

    @property
    def delay(self) -> float:
        """Seconds before an answer is sent."""
        return LATE if self.trouble is Trouble.SLOW else 0.0

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        """The response to a query of one question; None for none at all."""
        if not self._concerns(query) or self.trouble is Trouble.SLOW:
            return self.zone.answer(query)
        if self.trouble is Trouble.SILENCE:
            return None
        if self.trouble is Trouble.SINKHOLE:
            name = query.question[0].name.to_text().removesuffix(".").lower()
            return Zone({name: _NOWHERE}, (), ()).answer(query)
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(_RCODES[self.trouble])
        return response

    def _concerns(self, query: dns.message.Message) -> bool:
        asked = query.question[0].name.to_text().removesuffix(".").lower()
        return self.name is None or asked == self.name

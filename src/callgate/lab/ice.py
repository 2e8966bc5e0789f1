"""ICE sessions that check a pair at once when the other side has got through by it."""

from aioice import Connection
from aioice.ice import CandidatePair, StunProtocol
from aioice.stun import Message


class Prompt(Connection):
    """An ICE session with the triggered checks of RFC 8445 section 7.3.1.4.

    Where a pair is being checked already, aioice waits until it is time to ask again, half a
    second. But a firewall rejects what the vendor sends before the client's first packet, and
    lets it through after that: until the second try the vendor would not send anything back.
    """

    def check_incoming(
        self, message: Message, addr: tuple[str, int], protocol: StunProtocol
    ) -> None:
        """Handle a check of the other side that is in order."""
        under_way = [
            pair
            for pair in self._check_list
            if pair.protocol is protocol
            and pair.remote_addr == addr
            and pair.state is CandidatePair.State.IN_PROGRESS
        ]
        super().check_incoming(message, addr, protocol)
        for pair in under_way:
            if pair.task is not None and not self._check_list_done:
                pair.task.cancel()
                pair.task = None
                self.check_start_task(pair)

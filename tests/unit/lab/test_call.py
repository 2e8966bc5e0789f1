"""How long a call is and how much patience it has."""

from dataclasses import replace

import pytest

from callgate.lab.call import PACKETS, Order
from callgate.lab.cases import Case
from callgate.lab.squid import Mode

CASE = Case("turn-udp", "direct", None, "udp-relay")


@pytest.mark.parametrize(("proxy", "proxied"), [(None, False), (Mode.PLAIN, True)])
def test_a_healthy_network_gets_a_short_call(proxy, proxied):
    assert Order.of(replace(CASE, proxy=proxy), 6, PACKETS) == Order(6, proxied)


def test_one_that_degrades_the_way_gets_more_of_everything():
    short, long = (Order.of(replace(CASE, degraded=each), 4, PACKETS) for each in (False, True))
    assert long.packets > 2 * short.packets
    # Three time-outs of a stream in a row (RFC 6298: 1, 2 and 4 s for a SYN) must not end it.
    assert long.patience > short.patience > 1 + 2 + 3
    assert long.patience > 2 * (1 + 2 + 4)

"""The media server follows a browser that changes its mind about the pair."""

from types import SimpleNamespace

from aioice import Candidate, stun
from aioice.ice import CandidatePair
from aiortc import rtcicetransport

from callgate.lab import peer


def candidate(host, kind):
    return Candidate("1", 1, "udp", 1, host, 45000, kind)


def side(host):
    return SimpleNamespace(local_candidate=candidate(host, "host"))


def session():
    """A session that has settled on the first of two pairs; the second one was given up."""
    found = peer._Follower(ice_controlling=False)
    for host in ("192.0.2.1", "192.0.2.2"):
        remote = candidate(host, "srflx")
        remote._network_host = host
        pair = CandidatePair(side("203.0.113.1"), remote)
        pair.state = CandidatePair.State.IN_PROGRESS
        found._check_list.append(pair)
        found._remote_candidates.append(remote)
    first = found._check_list[0]
    first.state = CandidatePair.State.SUCCEEDED
    found._nominated[1] = first
    found._check_list_done = True
    return found


def check(*attributes):
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    for name in attributes:
        message.attributes[name] = None
    return message


def test_a_new_nomination_moves_the_media():
    ice = session()
    second = ice._check_list[1]
    ice.check_incoming(check("USE-CANDIDATE"), second.remote_addr, second.protocol)
    assert ice._nominated[1] is second


def test_a_mere_check_does_not():
    ice = session()
    first, second = ice._check_list
    ice.check_incoming(check(), second.remote_addr, second.protocol)
    assert ice._nominated[1] is first


def test_browsers_calls_use_such_sessions():
    assert rtcicetransport.Connection is peer._Follower

"""Which of several faults shows, on made-up faults with known answers."""

import pytest

from callgate.lab.faults import (
    Combination,
    Fault,
    Path,
    Place,
    Sign,
    Step,
    Undefined,
    blocked,
    degraded,
    every,
)
from callgate.lab.faults.changes import Nft, Portal, Web
from callgate.verdicts import Cause, Outcome

RULE = Nft("firewall", "in", "drop")
DROPPED = blocked(Cause.DROP, Sign.SILENCE, Step.REACH, Place.FIREWALL)
RESET = blocked(Cause.REJECT, Sign.RESET, Step.REACH, Place.FIREWALL)
DOWN = blocked(Cause.SERVER, Sign.RESET, Step.REACH, Place.SERVER)
NAMELESS = blocked(Cause.DNS, Sign.RCODE, Step.RESOLVE, Place.RESOLVER)
LIMITED = degraded(Cause.RATE_LIMIT, Sign.LOSS, Step.REACH, Place.FIREWALL)
OPENED = degraded(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.FIREWALL)
EXPIRED = blocked(Cause.CERTIFICATE, Sign.CERTIFICATE, Step.HANDSHAKE, Place.SERVER)
KILLED = blocked(Cause.INSPECTION, Sign.RESET, Step.HANDSHAKE, Place.FIREWALL)
REFUSED = blocked(Cause.PROXY_REFUSAL, Sign.STATUS, Step.ASK, Place.PROXY)
UNREACHED = blocked(Cause.PROXY_UPSTREAM, Sign.SILENCE, Step.UPSTREAM, Place.OUTSIDE)


def fault(truth, path=Path.TLS_RELAY, *, name="", changes=(RULE,), **more):
    return Fault(name or str(truth), "", changes, every(truth, path), **more)


def truth(*truths, path=Path.TLS_RELAY):
    return Combination(tuple(fault(each, path) for each in truths)).truth(path)


def test_without_faults_everything_works():
    healthy = Combination()
    assert healthy.defined
    assert all(healthy.outcome(path) is Outcome.WORKS for path in Path)


@pytest.mark.parametrize("one", [DROPPED, DOWN, NAMELESS, LIMITED, EXPIRED])
def test_a_path_that_one_fault_touches_has_its_truth(one):
    assert truth(one) == one


def test_a_path_that_no_fault_touches_works():
    assert Combination((fault(DROPPED),)).truth(Path.SIGNALLING) is None


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (NAMELESS, DROPPED),
        (DROPPED, EXPIRED),
        (DROPPED, DOWN),
        (KILLED, EXPIRED),
        (DROPPED, LIMITED),
        (EXPIRED, LIMITED),
        (LIMITED, OPENED),
        (REFUSED, UNREACHED),
    ],
)
def test_the_first_block_shows_whatever_the_order_in_which_they_are_named(first, later):
    assert truth(first, later) == truth(later, first) == first


@pytest.mark.parametrize(("one", "other"), [(DROPPED, RESET), (OPENED, KILLED)])
def test_what_meets_at_the_same_step_and_place_is_undefined(one, other):
    found = truth(one, other)
    assert isinstance(found, Undefined)
    assert str(one) in str(found)
    assert str(other) in str(found)


def test_two_that_show_in_the_status_of_one_answer_are_undefined():
    stripped = blocked(Cause.WEBSOCKET, Sign.STATUS, Step.REQUEST, Place.PROXY)
    unavailable = blocked(Cause.SERVER, Sign.STATUS, Step.REQUEST, Place.SERVER)
    assert isinstance(truth(stripped, unavailable), Undefined)
    # A refused CONNECT is an answer of its own, before there is another.
    assert truth(REFUSED, unavailable) == REFUSED


def test_what_meets_behind_an_earlier_block_does_not_matter():
    assert truth(DROPPED, RESET, NAMELESS) == NAMELESS


def test_two_faults_with_the_same_truth_have_it():
    assert truth(DROPPED, DROPPED) == DROPPED


STANDING = fault(OPENED, name="box", stands_in=frozenset({Path.TLS_RELAY}))


def behind(truth, **more):
    return Combination((STANDING, fault(truth, name="other", **more))).truth(Path.TLS_RELAY)


@pytest.mark.parametrize("hidden", [DOWN, EXPIRED])
def test_what_lies_behind_a_box_that_stands_in_is_undefined(hidden):
    found = behind(hidden)
    assert isinstance(found, Undefined)
    assert found.reason == "box stands before other"


@pytest.mark.parametrize("seen", [NAMELESS, DROPPED])
def test_what_lies_before_a_box_that_stands_in_shows(seen):
    assert behind(seen) == seen


def test_a_block_before_the_box_shows_even_with_another_behind_it():
    three = Combination((STANDING, fault(DOWN, name="down"), fault(DROPPED, name="drop")))
    assert three.truth(Path.TLS_RELAY) == DROPPED


def test_a_proxy_that_stands_in_hides_what_it_would_reach_and_not_what_it_is_asked():
    path = Path.TLS_RELAY_PROXY
    box = fault(
        blocked(Cause.INTERCEPTION, Sign.ISSUER, Step.HANDSHAKE, Place.PROXY),
        path,
        stands_in=frozenset({path}),
    )
    assert isinstance(Combination((box, fault(UNREACHED, path))).truth(path), Undefined)
    assert Combination((box, fault(REFUSED, path))).truth(path) == REFUSED


def test_families_are_apart():
    six = fault(DROPPED, families=(6,))
    both = Combination((six, fault(EXPIRED)))
    assert both.truth(Path.TLS_RELAY, 4) == EXPIRED
    assert both.truth(Path.TLS_RELAY, 6) == DROPPED


def test_two_changes_of_one_thing_exclude_each_other():
    both = Combination(
        (fault(DROPPED, changes=(Portal(), Web())), fault(DROPPED, changes=(Portal(),)))
    )
    assert both.clash == "portal"
    assert not both.defined
    assert all(isinstance(both.truth(path), Undefined) for path in Path)
    assert both.outcome(Path.SIGNALLING) is Outcome.INCONCLUSIVE


def test_two_changes_of_one_thing_within_a_fault_are_its_own_business():
    assert Combination((fault(DROPPED, changes=(Web(status=503), Web(ahead=1))),)).clash is None

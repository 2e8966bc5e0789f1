"""A lab in which the probe is tried under one fault after the other."""

import sys
from contextlib import ExitStack, contextmanager
from itertools import combinations
from random import Random

from callgate.lab.arena import Rules
from callgate.lab.atlas import Atlas
from callgate.lab.faults import FAMILIES, Path, Step, combine, find, names
from callgate.lab.stage import HEALTHY, Stage
from callgate.netns.impaired_topology import impaired
from callgate.netns.impairment import Impairment, LinkImpairment
from callgate.policy.site import Site
from callgate.profiles.loader import find as find_profile
from tests.lab.lab.faults.witness import MEDIA, media_server
from tests.lab.probe.bench import Seat, through_proxy
from tests.support.accuracy import Run

TOOLS = ("ip", "nft", "tc", "conntrack", "turnserver", "squid")
#: Whom the probe takes itself for: somebody without any right.
NOBODY = "nobody"
PAIRS = 40
ATLAS = Atlas.of(find_profile("goto"), Site())
_MILLI = 1_000_000


@contextmanager
def campaigning():
    """A healthy lab with a media server, and an unprivileged seat at its client."""
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(ATLAS))
        stage.arrange(Rules(nft=""), HEALTHY)
        stack.callback(media_server(stage).end)
        yield Seat(stage, NOBODY)


def only_media_shows(faults):
    """Whether some of what is true does not show before packets flow as in a call."""
    combination = combine(*faults)
    truths = [combination.truth(path, family) for path in Path for family in FAMILIES]
    return any(getattr(truth, "step", None) is Step.MEDIA for truth in truths)


def singles():
    """The healthy network, and every fault of the library for itself."""
    return [(), *((name,) for name in names())]


def pairs(count=PAIRS):
    """Pairs with a truth that both had to be asked for, always the same ones.

    Without those that only media shows: as single faults they are tried.
    """
    defined = [
        pair
        for pair in combinations(names(), 2)
        if find(pair[0]).truths.keys() & find(pair[1]).truths.keys()
        and combine(*pair).defined
        and not any(only_media_shows((name,)) for name in pair)
    ]
    return Random(6).sample(defined, count)


def trial(seat, faults, count):
    """So many probes under these faults: runs, and the JSON that they came from."""
    atlas = seat.stage.atlas
    media = [
        f"--endpoint=media={host}:{MEDIA}" for host in (atlas.vendor.v4, f"[{atlas.vendor.v6}]")
    ]
    quality = ["--quality"] if only_media_shows(faults) else []
    with seat.stage.broken(*map(find, faults)):
        argv = (*media, *quality, *through_proxy(atlas))
        found = seat.repeat(count, *argv, within=120.0 * count)
    return [(Run.of(faults, each), each) for each in found]


@contextmanager
def distant(round_trip, loss=0.0, seed=1):
    """A lab whose Internet is so many milliseconds away, and loses so many per cent each way."""
    one_way = Impairment(delay=round_trip * _MILLI // 2, loss=loss, seed=seed)
    with Stage(ATLAS) as stage:
        stage.arrange(Rules(nft=""), HEALTHY)
        ends = (stage["firewall"], "eth1"), (stage["isp"], "eth0")
        with impaired(*ends, LinkImpairment(one_way, one_way)):
            yield Seat(stage)


def lossy(seat, count):
    """Runs without an account, as most people have none."""
    argv = through_proxy(seat.stage.atlas)
    return [
        Run.of((), each)
        for each in seat.repeat(count, *argv, credentials=False, within=10.0 * count)
    ]


def show(message):
    """Say how far it is."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()

"""A running Squid does with every request what the interpreter says that it will."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from callgate.check.proxy import forks
from callgate.check.proxy.course import Treatment, course
from callgate.dialects.squid.reading import SquidReader
from callgate.errors import InputError
from callgate.flows import Family
from callgate.rules.proxy import Request
from tests.lab.requirements import require
from tests.support import squid_configs
from tests.support.squid_arena import Seen, ask, preamble

pytestmark = pytest.mark.lab

_STEPS = "acl s1 at_step SslBump1\nacl s2 at_step SslBump2\nhttp_access allow all\n"
_OPENED = "http_access allow all\nssl_bump bump all\n"
#: What the steps of SslBump, the implied ends and the second looks do, one by one.
FACTS = {
    "opened": _OPENED,
    "left alone": "http_access allow all\nssl_bump splice all\n",
    "nothing inspected": "http_access allow all\n",
    "peek, then splice": _STEPS + "ssl_bump peek s1\nssl_bump splice all\n",
    "peek, then nothing": _STEPS + "ssl_bump peek s1\n",
    "peek twice, then bump": _STEPS + "ssl_bump peek s1\nssl_bump peek s2\nssl_bump bump all\n",
    "stare, then nothing": _STEPS + "ssl_bump stare s1\n",
    "stare everywhere": _STEPS + "ssl_bump stare all\n",
    "stare twice, then splice": _STEPS
    + "ssl_bump stare s1\nssl_bump stare s2\nssl_bump splice all\n",
    "closed in step 3": _STEPS + "acl s3 at_step SslBump3\nssl_bump terminate s3\n"
    "ssl_bump peek all\n",
    "closed": _STEPS + "ssl_bump peek s1\nssl_bump terminate all\n",
    "an old action behind a peek": _STEPS + "ssl_bump peek s1\nssl_bump client-first all\n",
    "denied under inspection": "http_access deny all\nssl_bump splice all\n",
    "denied, and tunnelled all the same": "on_unsupported_protocol tunnel all\n"
    "http_access deny all\nssl_bump splice all\n",
    "denied, and nothing inspected": "on_unsupported_protocol tunnel all\n"
    "http_access deny all\n",
    "denied inside": "http_access allow CONNECT\nhttp_access deny all\nssl_bump bump all\n",
    "no rule at all": "ssl_bump splice all\n",
    "the opposite of the last rule": "http_access deny manager\nssl_bump splice all\n",
    "upgrade": "http_upgrade_request_protocols websocket allow all\n" + _OPENED,
    "upgrade, other letters": "http_upgrade_request_protocols WebSocket allow all\n" + _OPENED,
    "upgrade, by OTHER": "http_upgrade_request_protocols OTHER allow all\n" + _OPENED,
    "plain TURN, opened": "on_unsupported_protocol tunnel all\n" + _OPENED,
    "plain TURN, peeked": _STEPS
    + "on_unsupported_protocol tunnel all\nssl_bump peek s1\nssl_bump splice all\n",
    "a step in http_access": "acl s1 at_step SslBump1\nhttp_access allow s1\n"
    "ssl_bump splice all\n",
    "HTTPS is inside only": "acl s proto HTTPS\nhttp_access deny s\n" + _OPENED,
    "CONNECT is not HTTP": "acl s proto HTTP\nhttp_access deny s\n" + _OPENED,
    "a target is host:port": "acl s url_regex ^app.goto.com:443$\nhttp_access allow s\n"
    "ssl_bump splice all\n",
    "a CONNECT has no path": "acl s urlpath_regex .\nhttp_access deny s\nhttp_access allow all\n",
    "names in any case": "acl S dstdomain .goto.COM\nhttp_access allow s\nssl_bump splice all\n",
    "dst -n of a name": "acl s dst -n 127.0.0.0/8\nhttp_access deny s\n"
    "http_access allow all\n",
    "never direct": "http_access allow all\nnever_direct allow all\nssl_bump splice all\n",
    "direct for some": "acl x dstdomain app.goto.com\nnever_direct deny x\n"
    "never_direct allow all\nhttp_access allow all\nssl_bump splice all\n",
    "always direct first": "acl x dstdomain app.goto.com\nalways_direct allow x\n"
    "never_direct allow all\nhttp_access allow all\nssl_bump splice all\n",
    "miss_access": "http_access allow all\nmiss_access deny all\nssl_bump splice all\n",
    "adapted_http_access": "http_access allow all\nadapted_http_access deny all\n",
    "a line that Squid ignores": "http_access maybe all\nhttp_access allow all\n",
    "a rule without acl": "http_access deny\nhttp_access allow all\n",
    "an empty acl": "acl e dstdomain\nhttp_access allow !e\nssl_bump splice all\n",
    "added behind its rule": "acl a dstdomain .goto.com\nhttp_access allow a\n"
    "acl a dstdomain .goto-rtc.com\n",
    "lines of all-of": "acl p port 443\nacl a dstdomain .goto.com\nacl b all-of a p\n"
    "acl b all-of !a !p\nhttp_access allow b\nssl_bump splice all\n",
}  # fmt: skip
REQUESTS = [
    {"host": host, "port": port, "client": "127.0.0.1"}
    for host in ("app.goto.com", "app.goto-rtc.com")
    for port in (443, 3478)
]


def said(ruleset, request):
    """What our interpreter says of a request, under every answer that it could get."""
    client = (Family.V4, sum(int(n) << s for n, s in zip(
        request["client"].split("."), (24, 16, 8, 0), strict=True)))  # fmt: skip
    asked = Request(request["host"], request["port"], client=client)
    found = [leaf.result for leaf in forks.leaves(lambda told: course(ruleset, asked, told))]
    expected = {seen(each) for each in found}
    if any(not each.passes and each.carries_strange for each in found):
        # What is denied and tunnelled all the same is so for most tests of names, not for all.
        expected.add(Seen(passes=False))
    return expected


def seen(found):
    """A course in the words of the arena."""
    if found.request.port == 3478:
        return Seen(found.carries_strange, echoed=found.carries_strange)
    if not found.passes:
        return Seen(passes=False)
    opened = found.treatment is Treatment.OPENED
    return Seen(True, "forged" if opened else "origin", found.keeps_upgrade)


def disagreements(texts, requests, folder):
    """What Squid does with the requests, wherever we do not say so.

    Some of these files make Squid 5.7 fall over; such a request has no answer.
    """
    batch = [{"config": text, "requests": requests} for text in texts]
    for text, answers in zip(texts, ask(batch, folder), strict=True):
        ruleset = SquidReader().parse(text, "f")
        for request, answer in zip(requests, answers, strict=True):
            expected = said(ruleset, request)
            if answer is not None and answer not in expected:
                yield text, request, answer, expected


@pytest.fixture
def folder():
    """A folder that the user ``proxy`` can reach, outside of pytest's own, which is closed."""
    require("squid", "unshare", "ip")
    with TemporaryDirectory(prefix="callgate-squid-") as name:
        made = Path(name)
        made.chmod(0o755)
        yield made


def test_each_fact_is_as_the_interpreter_says(folder):
    texts = [preamble(folder) + text for text in FACTS.values()]
    assert list(disagreements(texts, REQUESTS, folder)) == []


@pytest.mark.parametrize(
    ("seed", "count"),
    [(1, 25), *(pytest.param(seed, 60, marks=pytest.mark.slow) for seed in range(2, 7))],
)
def test_made_configurations_are_decided_as_squid_decides(folder, seed, count):
    dice = random.Random(seed)
    texts = []
    while len(texts) < count:
        text = preamble(folder) + squid_configs.configuration(dice)
        try:
            SquidReader().parse(text, "f")
        except InputError:
            continue
        texts.append(text)
    assert list(disagreements(texts, squid_configs.requests(dice), folder)) == []

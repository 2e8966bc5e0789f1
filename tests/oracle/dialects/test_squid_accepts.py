"""``squid -k parse`` takes every file that we write, without a single warning."""

import itertools
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings

from callgate.dialects.squid import Squid
from callgate.lab.authority import Authority
from callgate.policy.site import Proxy
from tests.lab.requirements import require
from tests.support.hostile import hostile
from tests.support.naming import named_policy, with_names, with_texts

pytestmark = pytest.mark.lab

SCENARIOS = ("turn-tcp-3478", "turn-tcp-443")
TLS = ("plain", "splice", "bump")
#: Scenario, what is done with TLS, whether it is a fragment, whether it ends in a block.
COMBINATIONS = [
    (scenario, tls, merge, block)
    for (tls, merge), (scenario, block) in itertools.product(
        itertools.product(TLS, [False, True]), zip(SCENARIOS, [False, True], strict=True)
    )
]
BROKEN = (
    "acl x dstdomain goto.com .goto.com",
    "acl x dstdomain .goto.com .goto.com .meet.goto.com",
)
COMPLAINTS = ("WARNING", "ERROR", "FATAL", "Bungled", "unrecognized")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    require("squid")
    folder = tmp_path_factory.mktemp("authority")
    identity = Authority(folder).identity
    both = folder / "both.pem"
    both.write_bytes(identity.certificate.read_bytes() + identity.key.read_bytes())
    return str(both)


def complaints(text, folder):
    """What ``squid -k parse`` complains of; empty when it is content."""
    path = folder / "squid.conf"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["squid", "-k", "parse", "-f", str(path)], capture_output=True, text=True, check=False
    )
    said = done.stderr.splitlines()
    found = [line for line in said if any(word in line for word in COMPLAINTS)]
    return found or ([f"exit code {done.returncode}", *said] if done.returncode else [])


def generated(policy):
    (artifact,) = Squid().generate(policy)
    return artifact.text


def whole(text, certificate, *, merge):
    """A fragment needs a listener beside it to be a configuration."""
    listener = f"http_port 3128 ssl-bump tls-cert={certificate}\n" if merge else ""
    return listener + text


@pytest.mark.parametrize(("scenario", "tls", "merge", "block"), COMBINATIONS)
def test_squid_takes_it(scenario, tls, merge, block, certificate, tmp_path):
    paths = {} if merge or tls == "plain" else {"certificate": certificate}
    policy = named_policy(
        scenario,
        options={"tls": tls, **paths},
        merge=merge,
        block=block,
        proxy=Proxy("proxy.example", 8080),
    )
    text = whole(generated(policy), certificate, merge=merge)
    assert complaints(text, tmp_path) == []


def test_squid_takes_a_long_list(certificate, tmp_path):
    names = [f"*.d{number}.example" for number in range(2000)]
    policy = with_names(named_policy(options={"tls": "bump", "certificate": certificate}), *names)
    assert complaints(generated(policy), tmp_path) == []


def test_squid_takes_names_that_lie_within_each_other(tmp_path):
    policy = with_names(named_policy(), "*.goto.com", "goto.com", "a.goto.com", "*.b.goto.com")
    assert complaints(generated(policy), tmp_path) == []


@pytest.mark.parametrize("line", BROKEN)
def test_squid_does_not_take_everything(line, tmp_path):
    assert complaints(f"http_port 3128\n{line}\n", tmp_path)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=hostile())
def test_hostile_texts_change_nothing(text, tmp_path_factory):
    require("squid")
    folder = tmp_path_factory.mktemp("hostile")
    assert complaints(generated(with_texts(named_policy(), text)), folder) == []

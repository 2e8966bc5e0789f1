import os
import subprocess

import pytest

from callgate.netns import Rights, rights
from tests.lab.requirements import require

pytestmark = pytest.mark.lab

NOBODY = 65534
#: A virtual environment may lie where only its owner can go.
SYSTEM_PYTHON = "/usr/bin/python3"
SAY = "from callgate.netns import rights; allowed, why = rights(); print(allowed.name, why)"
BUILD = """
from callgate.netns.rights import prepare
from callgate.netns import End, Link, Topology
prepare()
links = [Link(End("a1", ("192.0.2.1/24",)), End("b1", ("192.0.2.2/24",)))]
with Topology(links) as topology:
    topology["a1"].load_nft("add table inet t")
    print(topology["b1"].run("ip", "-brief", "address"))
"""


@pytest.fixture(autouse=True)
def _lab():
    require("ip", "nft", "unshare", SYSTEM_PYTHON)


def as_nobody(code, *prefix):
    return subprocess.run(
        [*prefix, SYSTEM_PYTHON, "-c", code],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "", "CALLGATE_USER_NAMESPACE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_root_needs_no_user_namespace():
    assert rights() == (Rights.ROOT, "root")


def test_missing_programs_are_the_reason(monkeypatch):
    monkeypatch.setattr("callgate.netns.commands._SYSTEM_PATH", "/nonexistent")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert rights() == (Rights.NONE, "not installed: ip, nft, unshare, mount")


def test_a_topology_stands_in_an_unprivileged_user_namespace(readable_source):
    code = f"import sys; sys.path[:0] = [{str(readable_source)!r}]\n"
    said = as_nobody(code + SAY)
    if said.stdout.startswith("NONE"):
        pytest.skip(said.stdout.strip())
    assert said.stdout.split()[0] == "USER_NAMESPACE", said.stderr
    unshare = ("unshare", "--user", "--map-root-user", "--net", "--mount")
    built = as_nobody(code + BUILD, *unshare)
    assert "192.0.2.2/24" in built.stdout, built.stderr

import pytest

from callgate.netns import End, Link, Topology
from tests.lab.requirements import require


@pytest.fixture(scope="module")
def island():
    """A namespace that reaches nothing but itself, and a folder that goes with it."""
    require("ip")
    with Topology([Link(End("here", ()), End("there", ()))]) as topology:
        yield topology["here"], topology.folder()

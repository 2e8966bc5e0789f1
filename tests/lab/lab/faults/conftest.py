import pytest

from callgate.lab.atlas import Atlas
from callgate.policy.site import Site
from callgate.profiles.loader import find
from tests.lab.lab.faults.witness import TOOLS, witnessed
from tests.lab.requirements import require


@pytest.fixture(scope="package")
def witness():
    """A healthy stage, to be broken, with the foreign programs that try it."""
    require(*TOOLS)
    with witnessed(Atlas.of(find("goto"), Site())) as found:
        yield found

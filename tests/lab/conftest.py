import shutil
from pathlib import Path

import pytest

import callgate


@pytest.fixture
def readable_source(tmp_path_factory):
    """A copy of the package that a user without any rights can import."""
    folder = Path("/tmp") / f"callgate-source-{tmp_path_factory.getbasetemp().name}"
    shutil.copytree(Path(callgate.__file__).parent, folder / "callgate")
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)

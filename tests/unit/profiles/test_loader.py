"""Finding profiles by name."""

import sys
from importlib.metadata import EntryPoint

import pytest

from callgate.errors import InputError, UsageError
from callgate.profiles import loader


def test_the_newest_version_is_found_by_the_id_alone():
    assert loader.bundled() == ("goto/2.1",)
    assert loader.find("goto") == loader.find("goto/2.1")
    assert loader.find("goto").name == "goto/2.1"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gto", "there is no profile 'gto'; did you mean 'goto'?"),
        ("goto/2.2", "there is no profile 'goto/2.2'; did you mean 'goto/2.1'?"),
        ("zzzzz", "there is no profile 'zzzzz'"),
        ("../secret", "there is no profile '../secret'"),
        ("", "there is no profile ''"),
    ],
)
def test_a_name_that_does_not_exist(name, message):
    with pytest.raises(UsageError) as caught:
        loader.find(name)
    assert caught.value.message == message
    assert caught.value.hint == "there are goto/2.1"


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """An installed distribution with profiles: versions of ``acme`` and an impostor."""
    package = tmp_path / "acme_profiles"
    original = (loader.resources.files("callgate.profiles.data") / "goto" / "2.1.yaml").read_text()
    for name in ("acme/2.9", "acme/2.10", "goto/2.1"):
        ident, _, version = name.partition("/")
        file = package / ident / f"{version}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = original.replace("id: goto\n", f"id: {ident}\n", 1)
        file.write_text(text.replace('version: "2.1"', f'version: "{version}"', 1))
    (package / "goto" / "2.1.yaml").write_text("an impostor")
    (package / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "acme_profiles", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint("acme", "acme_profiles", loader.GROUP)
    monkeypatch.setattr(loader, "entry_points", lambda group: [entry] * (group == loader.GROUP))


@pytest.mark.usefixtures("installed")
def test_installed_profiles_are_found_and_ours_cannot_be_taken_over():
    assert loader.names() == ("goto/2.1", "acme/2.9", "acme/2.10")
    assert loader.find("acme").name == "acme/2.10"
    assert loader.find("goto").title == "GoTo App"


@pytest.mark.usefixtures("installed")
def test_a_file_that_says_it_is_another_profile_is_refused(tmp_path):
    file = tmp_path / "acme_profiles" / "acme" / "2.9.yaml"
    file.write_text(file.read_text().replace('version: "2.9"', 'version: "2.8"', 1))
    with pytest.raises(InputError, match=r"the file of acme/2\.9 says that it is acme/2\.8"):
        loader.find("acme/2.9")

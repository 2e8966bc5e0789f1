"""The faults that come with Callgate, and those that others install."""

from importlib.metadata import EntryPoint

import pytest

from callgate.errors import UsageError
from callgate.lab.faults import Path, Step, combine, find, names, registry
from callgate.lab.faults.fault import Fault

ALL = [find(name) for name in names()]


def by_name(found):
    return [each.name for each in found]


def test_there_are_at_least_forty():
    assert len(names()) == len(set(names())) >= 40


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_changes_something_and_says_what(fault):
    assert fault.changes
    assert fault.what
    assert fault.what[0].islower() or fault.what.split()[0].isupper() or fault.what[:4] == "IPv6"
    assert not fault.what.endswith(".")


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_steps_belong_to_their_paths(fault):
    """Only a proxy is asked and goes on; a client looks no media server up."""
    for path, truth in fault.truths.items():
        assert path.proxied or truth.step not in {Step.ASK, Step.UPSTREAM}, path
        assert not path.proxied or truth.step is not Step.RESOLVE, path
        assert path is not Path.UDP_DIRECT or truth.step is not Step.RESOLVE


def test_every_path_is_broken_by_hard_and_by_silent_faults():
    for path in Path:
        signs = {each.truths[path].sign.hard for each in ALL if path in each.truths}
        assert signs == {True, False}, path


def test_some_faults_harm_nothing():
    assert by_name(each for each in ALL if each.harmless) == ["nat-symmetric", "ping-drop"]


def test_a_fault_is_hard_when_each_of_its_signs_is():
    assert find("udp-reject").hard
    assert not find("udp-drop").hard
    assert not find("captive-portal").hard


def test_a_typo_is_an_error_that_names_the_right_fault():
    with pytest.raises(UsageError, match="did you mean 'udp-drop'"):
        find("upd-drop")


def test_a_fault_twice_is_an_error():
    with pytest.raises(UsageError, match="'udp-drop' is given twice"):
        combine("udp-drop", "dns-drop", "udp-drop")


def install(monkeypatch, name, value):
    entry = EntryPoint(name, value, registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] * (group == entry.group))


MINE = Fault("mine", "ours", ())


def test_another_distribution_adds_a_fault(monkeypatch):
    install(monkeypatch, "mine", f"{__name__}:MINE")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: MINE)
    assert names()[-1] == "mine"
    assert find("mine") is MINE
    assert combine("mine", "udp-drop").defined


def test_a_built_in_name_cannot_be_taken_over(monkeypatch):
    install(monkeypatch, "udp-drop", f"{__name__}:MINE")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: MINE)
    assert find("udp-drop") is not MINE
    assert names().count("udp-drop") == 1


@pytest.mark.parametrize("loaded", [object(), Fault("other", "", ())])
def test_a_plug_in_that_is_no_such_fault_is_an_error(monkeypatch, loaded):
    install(monkeypatch, "mine", f"{__name__}:MINE")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: loaded)
    with pytest.raises(UsageError, match="no fault called 'mine'"):
        find("mine")

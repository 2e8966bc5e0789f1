"""Finding dialects by name."""

import pytest

from callgate.dialects import registry
from callgate.dialects.base import Capabilities
from callgate.errors import UsageError


def test_a_typo_names_what_was_meant():
    with pytest.raises(UsageError, match="no dialect 'nftable'; did you mean 'nftables'"):
        registry.find("nftable")


def test_an_unknown_name_lists_all():
    with pytest.raises(UsageError) as caught:
        registry.find("zzz")
    assert caught.value.hint == "there are " + ", ".join(registry.names())
    assert "did you mean" not in caught.value.message


@pytest.mark.parametrize("name", list(registry.BUILT_IN))
def test_every_built_in_dialect_loads_and_fills_its_capability_table(name):
    dialect = registry.find(name)
    assert dialect.name == name
    assert isinstance(dialect.capabilities, Capabilities)
    for field in ("domains", "comments", "default_action", "order", "merge", "source"):
        text = getattr(dialect.capabilities, field)
        assert text
        assert "\n" not in text


def test_a_built_in_name_cannot_be_taken_over(monkeypatch):
    class Entry:
        name = "nftables"

        def load(self):
            raise AssertionError("loaded the impostor")

    class Other:
        name = "acme"

        def load(self):
            return dict

    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry(), Other()])
    assert registry.find("nftables").title == "nftables (Linux)"
    assert registry.find("acme") == {}
    assert registry.names() == [*registry.BUILT_IN, "acme"]

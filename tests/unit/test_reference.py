"""The generated pages of the documentation are those that the code gives."""

import pytest

from scripts.reference.__main__ import DOCS
from scripts.reference.pages import pages


@pytest.mark.parametrize(("name", "text"), pages().items(), ids=pages())
def test_generated_pages_are_up_to_date(name, text):
    assert (DOCS / name).read_text(encoding="utf-8") == text, "run `make generated`"

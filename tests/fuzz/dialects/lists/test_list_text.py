"""Whatever the text is: a list that can be asked, or InputError with its line."""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from callgate.check.proxy import forks
from callgate.check.proxy.course import course
from callgate.dialects import proxy_reading
from callgate.errors import InputError
from callgate.rules.proxy import Request
from tests.support.hostile import hostile

READERS = [name for name in proxy_reading.READERS if name != "squid"]
_ENTRIES = (
    ".goto.com", "*.goto.com", "*.*.goto.com", "goto.com/", "*.goto.com/", "mail.*.com/", "^.x/",
    "https://goto.com/a?b", "GOTO.com", "goto.com:443", "192.0.2.1", "[::1]", "bücher.example",
    "#", "", " ", ".", "*", "..", "a" * 300, ".com", "com", "xn--bcher-kva.example",
)  # fmt: skip
_COMMANDS = (
    "config firewall wildcard-fqdn custom", "config firewall wildcard-fqdn group", "next", "end",
    "config firewall ssl-ssh-profile", "config ssl-exempt", "edit a", "edit 1", 'edit "b c"',
    "set type wildcard-fqdn", "set wildcard-fqdn a b", 'set wildcard-fqdn "*.goto.com"', "set",
    "set member a b", "append member c", "unset type", 'set comment "', '"', "edit", "config",
)  # fmt: skip
LINES = st.sampled_from(_ENTRIES) | st.sampled_from(_COMMANDS) | hostile()


@pytest.mark.parametrize("name", READERS)
@given(lines=st.lists(LINES, max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_list_or_a_mistake(name, lines):
    text = "\n".join(lines)
    reader = proxy_reading.find(name)
    assert not reader.detect(text)
    try:
        ruleset = reader.parse(text, "f")
    except InputError as error:
        places = [mistake.place for mistake in error.mistakes]
        event("refused")
    else:
        places = [each.place for each in (*ruleset.entries, *ruleset.unmodelled)]
        request = Request("x.goto.com", 443, free=1)
        assert forks.leaves(lambda told: course(ruleset, request, told))
    last = text.count("\n") + 1
    assert all(place.source == "f" and place.line <= last for place in places)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", ["\0", "x" * 100_000], ids=["NUL", "long line"])
def test_what_is_no_list_is_a_mistake(name, text):
    with pytest.raises(InputError):
        proxy_reading.find(name).parse(f"config a\nend\n{text}", "f")

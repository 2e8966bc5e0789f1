"""Every text is either read or refused with ValueError; what is read is safe to write."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callgate.flows import PortRange
from callgate.flows.prefixes import parse_network
from callgate.names import DomainPattern

#: What each reader may let through: nothing that a shell, a rule or a script could take
#: for more than a word.
READERS = {
    "domain": (DomainPattern.parse, re.compile(r"(\*\.)?[a-z0-9_.-]+")),
    "ports": (PortRange.parse, re.compile(r"[0-9]+(-[0-9]+)?")),
    "network": (parse_network, re.compile(r"[0-9a-f.:]+/[0-9]+")),
}
LIKELY = st.text(st.sampled_from("*.-_/:%0159afxgoto çßİ。１²\n'\"{};$`"), max_size=24)


@pytest.mark.parametrize("name", READERS)
@given(text=st.one_of(LIKELY, st.text(max_size=40), st.from_regex(r"[\w.*/:-]{1,30}")))
@example(text="xn--a.example")
@example(text="xn--\u0661.example")
@example(text="fe80::1%$(reboot)")
@example(text="\ud800.example")
def test_read_or_refused(name, text):
    read, safe = READERS[name]
    try:
        value = read(text)
    except ValueError:
        return
    assert safe.fullmatch(str(value))
    assert read(str(value)) == value

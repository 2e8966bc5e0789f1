"""Languages are told without their readers, and as their readers would."""

import subprocess
import sys

import pytest

from callgate.dialects import proxy_reading, reading
from callgate.dialects.recognition import SIGNS

TEXTS = {
    "nftables": "table inet f { chain c { } }",
    "iptables": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
    "cisco-asa": "interface x\n nameif inside\naccess-list a extended permit ip any any\n",
    "cisco-ios": "ip access-list extended a\n permit ip any any\n",
    "fortigate": "config firewall policy\nend\n",
    "juniper-srx": "set security policies default-policy deny-all\n",
    "pan-os": "set rulebase security rules a from trust\n",
    "windows": "New-NetFirewallRule -DisplayName x\n",
    "aws": '{"SecurityGroups": []}',
    "squid": "http_access deny all\n",
}


def test_every_reader_that_comes_with_callgate_has_its_signs():
    assert SIGNS.keys() == reading.READERS.keys() | proxy_reading.READERS.keys()


@pytest.mark.parametrize("name", SIGNS)
def test_signs_and_readers_agree(name):
    room = reading if name in reading.READERS else proxy_reading
    reader = room.find(name)
    for text in (*TEXTS.values(), "", "nothing of the kind"):
        assert SIGNS[name](text) is reader.detect(text)


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_is_claimed_by_its_language_alone(name):
    assert [*reading.claims(TEXTS[name]), *proxy_reading.claims(TEXTS[name])] == [name]


def test_no_reader_is_imported_to_tell_a_language():
    script = (
        "import sys; from callgate.dialects import proxy_reading, reading;"
        "reading.claims('x'), proxy_reading.claims('x');"
        "print([name for name in sys.modules if 'dialects' in name and '.reading.' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

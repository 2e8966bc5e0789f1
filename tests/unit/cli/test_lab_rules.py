"""The user's own files for the lab: told apart by what is in them."""

import pytest

from callgate.cli.lab_rules import own_rules
from callgate.errors import InputError, UsageError
from callgate.flows import Family
from callgate.lab.arena import Rules

V4 = """\
*filter
:FORWARD DROP [0:0]
-A FORWARD -s 192.0.2.0/24 -j ACCEPT
COMMIT
"""
V6 = V4.replace("192.0.2.0/24", "2001:db8::/32")
NFT = "table inet t {\n\tchain c {\n\t\ttype filter hook forward priority 0;\n\t}\n}\n"


@pytest.fixture
def files(tmp_path):
    def write(*texts):
        names = []
        for number, text in enumerate(texts):
            path = tmp_path / f"file{number}"
            path.write_text(text)
            names.append(str(path))
        return tuple(names)

    return write


def test_no_file_is_no_rules():
    assert own_rules(()) is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((NFT,), Rules(nft=NFT)),
        ((V4,), Rules(iptables=V4)),
        ((V6,), Rules(ip6tables=V6)),
        ((V6, V4), Rules(iptables=V4, ip6tables=V6)),
        ((f"# iptables-save\n{V4}# ip6tables-save\n{V6}",), Rules(iptables=V4, ip6tables=V6)),
    ],
)
def test_files_are_told_apart_by_their_content(files, texts, expected):
    assert own_rules(files(*texts)) == expected


def test_one_family_of_iptables_says_nothing_of_the_other():
    assert Rules(iptables=V4).speaks(Family.V4)
    assert not Rules(iptables=V4).speaks(Family.V6)
    assert Rules(nft=NFT).speaks(Family.V6)


@pytest.mark.parametrize(("texts", "said"), [((V4, V4), "another"), ((NFT, NFT), "another")])
def test_one_file_must_not_take_the_place_of_another(files, texts, said):
    with pytest.raises(UsageError, match=said):
        own_rules(files(*texts))


def test_two_languages_do_not_go_together(files):
    with pytest.raises(UsageError, match="do not go together"):
        own_rules(files(NFT, V4))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n", "empty"),
        ("hostname edge\nip access-list extended X\n permit ip any any\n", "cisco-ios"),
        (V4.replace("COMMIT\n", ""), "COMMIT is missing"),
        (V4 + "iptables -A FORWARD -j ACCEPT\n", "outside of any table"),
        (V4.replace("-s 192.0.2.0/24 ", ""), "read as IPv4"),
        (V4 + V6, "no word which tables are which"),
    ],
)
def test_what_would_be_loaded_wrongly_is_refused(files, text, said):
    with pytest.raises(InputError) as caught:
        own_rules(files(text))
    assert said in " ".join(map(str, caught.value.mistakes))

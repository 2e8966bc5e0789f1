"""What ``chrome-policy.json`` says, and what is refused."""

import base64
import json

import pytest

from callgate.cli.main import run
from callgate.dialects.chrome_policy import ChromePolicy
from callgate.dialects.pac import Pac
from callgate.errors import UnsupportedError, UsageError
from callgate.names import DomainPattern
from callgate.policy.site import Edge, Proxy
from tests.support.pac import DEFAULT_PROXY, pac_policy, patterns


def content(**changes):
    (artifact,) = ChromePolicy().generate(pac_policy(**changes))
    return json.loads(artifact.text)


def test_a_bypass_list_where_the_application_goes_direct():
    settings = content(
        domains=patterns("*.goto.com", "apis.google.com"), proxy=None, default_proxy=DEFAULT_PROXY
    )["ProxySettings"]
    assert settings == {
        "ProxyMode": "fixed_servers",
        "ProxyServer": "[2001:db8::8]:8080",
        "ProxyBypassList": "apis.google.com;*.goto.com",
    }


def test_the_pac_file_travels_inside_where_the_application_has_a_proxy():
    settings = content()["ProxySettings"]
    head, _, encoded = settings["ProxyPacUrl"].partition(",")
    assert head == "data:application/x-ns-proxy-autoconfig;base64"
    assert base64.b64decode(encoded).decode() == Pac().generate(pac_policy())[0].text
    assert settings["ProxyPacMandatory"] is True
    assert settings["ProxyMode"] == "pac_script"


@pytest.mark.parametrize("changes", [{}, {"proxy": None, "default_proxy": DEFAULT_PROXY}])
def test_udp_is_kept_for_the_application_and_never_taken(changes):
    (artifact,) = ChromePolicy().generate(
        pac_policy(domains=patterns("*.goto.com", "apis.google.com"), **changes)
    )
    found = json.loads(artifact.text)
    assert found["WebRtcIPHandlingUrl"] == [
        {"url": "https://[*.]goto.com", "handling": "default"},
        {"url": "https://apis.google.com", "handling": "default"},
    ]
    assert set(found) == {"ProxySettings", "WebRtcIPHandlingUrl"}
    assert "disable_non_proxied_udp" not in artifact.text
    assert "disable_non_proxied_udp" in artifact.note


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"edge": Edge.PROXY}, UnsupportedError, "clients"),
        ({"domains": ()}, UnsupportedError, "no domain"),
        ({"proxy": None}, UnsupportedError, "nothing to set"),
        ({"proxy": Proxy("a;b", 1)}, UsageError, "proxy host"),
        ({"proxy": None, "default_proxy": Proxy("a b", 1)}, UsageError, "proxy host"),
    ],
)
def test_what_is_refused(changes, error, words):
    with pytest.raises(error, match=words):
        ChromePolicy().generate(pac_policy(**changes))


def test_a_pac_file_that_no_browser_reads_is_refused_with_the_number():
    many = tuple(DomainPattern(f"n{number}.example.com", below=True) for number in range(50_000))
    with pytest.raises(UnsupportedError, match=r"[0-9,]{9} bytes for 50,000 domains"):
        ChromePolicy().generate(pac_policy(domains=many))


def test_the_note_goes_to_people_and_not_into_the_file(capsys):
    arguments = ["generate", "goto", "--scenario", "turn-udp", "--dialect", "chrome-policy"]
    assert run([*arguments, "--default-proxy", "web.example.net:8080"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["ProxySettings"]["ProxyServer"] == "web.example.net:8080"
    assert "note: chrome-policy.json: " in said.err
    assert "WebRtcIPHandling" in said.err

"""The proxy that this machine is set to use."""

import pytest

from callgate.policy.site import Proxy
from callgate.probe.wire import system_proxy as module
from callgate.probe.wire.system_proxy import read_proxy, system_proxy


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(module, "_gsettings", lambda *_: "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://proxy.example.com:8080", Proxy("proxy.example.com", 8080)),
        ("http://user:secret@proxy.example.com:8080/", Proxy("proxy.example.com", 8080)),
        ("proxy.example.com:8080", Proxy("proxy.example.com", 8080)),
        ("http://proxy.example.com", Proxy("proxy.example.com", 80)),
        ("http://[2001:db8::8]:3128", Proxy("2001:db8::8", 3128)),
    ],
)
def test_settings_are_read(text, expected):
    assert read_proxy(text) == expected


@pytest.mark.parametrize("text", ["socks5://x:1", "https://x:1", "http://", "http://x:port"])
def test_what_is_no_http_proxy_is_refused(text):
    with pytest.raises(ValueError, match="proxy"):
        read_proxy(text)


def test_the_environment(monkeypatch):
    assert system_proxy("a.example.com") is None
    monkeypatch.setenv("https_proxy", "http://192.0.2.8:3128")
    monkeypatch.setenv("no_proxy", "b.example.com")
    assert system_proxy("a.example.com") == Proxy("192.0.2.8", 3128)
    assert system_proxy("b.example.com") is None


def test_http_alone_is_not_for_tls(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://192.0.2.8:3128")
    assert system_proxy("a.example.com") is None


GNOME = {
    ("org.gnome.system.proxy", "mode"): "manual",
    ("org.gnome.system.proxy", "ignore-hosts"): "['localhost', 'b.example.com']",
    ("org.gnome.system.proxy.https", "host"): "192.0.2.8",
    ("org.gnome.system.proxy.https", "port"): "3128",
}


@pytest.mark.parametrize(
    ("changes", "host", "expected"),
    [
        ({}, "a.example.com", Proxy("192.0.2.8", 3128)),
        ({}, "b.example.com", None),
        ({("org.gnome.system.proxy", "mode"): "none"}, "a.example.com", None),
        ({("org.gnome.system.proxy.https", "port"): "0"}, "a.example.com", None),
        ({("org.gnome.system.proxy.https", "host"): ""}, "a.example.com", None),
    ],
)
def test_gnome(monkeypatch, changes, host, expected):
    told = GNOME | changes
    monkeypatch.setattr(module, "_gsettings", lambda schema, key: told.get((schema, key), ""))
    assert system_proxy(host) == expected

"""Proxy configurations with one mistake each, and the line that ``check`` must name.

``GOOD`` is right. A mistake is (what to replace in GOOD or append, scenario, exit code, file
and line, the kind of answer): a need's id ends in it, or a finding has it as its kind.
"""

NAMES = (
    ".goto.com .goto-rtc.com .jive.com .getgo.com .gotomeeting.com .logmeininc.com .expertcity.com"
)
GOOD = f"""\
http_port 3128 ssl-bump tls-cert=/etc/squid/ca.pem generate-host-certificates=on
acl clients src 10.20.0.0/16
acl SSL_ports port 443 3478
acl Safe_ports port 80 443 3478
acl app dstdomain -n {NAMES}
acl app_sni ssl::server_name {NAMES}
acl step1 at_step SslBump1
http_access deny !Safe_ports
http_access deny CONNECT !SSL_ports
http_access allow clients app
http_access deny all
ssl_bump splice app
ssl_bump peek step1
ssl_bump splice app_sni
ssl_bump bump all
on_unsupported_protocol tunnel app
http_upgrade_request_protocols websocket allow all
"""
_SITE = "http_access allow clients app"
_SPLICE = "ssl_bump splice app\n"
#: The same for a site that lets its clients go anywhere.
_WIDE = GOOD.replace(_SITE, "http_access allow clients")
_UPGRADE = "http_upgrade_request_protocols websocket allow all\n"
#: Nothing is spliced by name: every name of the application is opened.
_OPENED = GOOD.replace(_SPLICE, "").replace("ssl_bump splice app_sni\n", "")

#: name -> (text, scenario, exit code, line, need or finding)
SQUID = {
    "a domain is missing": (
        GOOD.replace(" .jive.com", ""), "turn-udp", 1, 11, "signalling.connect"),
    "asterisk instead of a dot": (
        GOOD.replace("-n .goto.com", "-n *.goto.com"), "turn-udp", 1, 5, "idle-entry"),
    "the denial that follows from it": (
        GOOD.replace("-n .goto.com", "-n *.goto.com"), "turn-udp", 1, 11, "signalling.connect"),
    "a dot at the end": (
        GOOD.replace("-n .goto.com", "-n .goto.com."), "turn-udp", 1, 5, "idle-entry"),
    "apex only": (
        GOOD.replace("-n .goto.com", "-n goto.com"), "turn-udp", 1, 5, "apex-only"),
    "a URL instead of a name": (
        GOOD.replace("-n .goto.com", "-n https://goto.com/"), "turn-udp", 1, 5, "idle-entry"),
    "port 3478 is no SSL port": (
        GOOD.replace("SSL_ports port 443 3478", "SSL_ports port 443"),
        "turn-tcp-3478", 1, 9, "media.connect"),
    "port 3478 is not safe": (
        GOOD.replace("port 80 443 3478", "port 80 443"), "turn-tcp-3478", 1, 8, "media.connect"),
    "another rule denies first": (
        GOOD.replace(_SITE, f"acl rtc dstdomain -n .goto-rtc.com\nhttp_access deny rtc\n{_SITE}"),
        "turn-udp", 1, 11, "signalling.connect"),
    "deny all comes first": (
        GOOD.replace(_SITE + "\nhttp_access deny all", f"http_access deny all\n{_SITE}"),
        "turn-udp", 1, 10, "signalling.connect"),
    "half of the clients": (
        GOOD.replace("10.20.0.0/16", "10.20.0.0/17"), "turn-udp", 1, 11, "signalling.connect"),
    "an expression that forgets the depth": (
        GOOD.replace("app dstdomain -n " + NAMES, r"app dstdom_regex -n ^[a-z]+\.goto\.com$"),
        "turn-udp", 1, 11, "signalling.connect"),
    "media is opened": (_OPENED, "turn-tcp-443", 1, 13, "all.inspection"),
    "signalling is opened, media by UDP": (_OPENED, "turn-udp", 0, 13, "inspected"),
    "one domain is not exempt": (
        GOOD.replace("app_sni ssl::server_name " + NAMES, "app_sni ssl::server_name .goto.com")
        .replace(_SPLICE, ""), "turn-tcp-443", 1, 14, "all.inspection"),
    "bump before splice": (
        GOOD.replace(_SPLICE, "ssl_bump bump all\n" + _SPLICE),
        "turn-tcp-443", 1, 12, "all.inspection"),
    "peek makes plain TURN fail": (
        GOOD.replace(_SPLICE, "").replace("on_unsupported_protocol tunnel app\n", ""),
        "turn-tcp-3478", 1, 13, "media.plain"),
    "respond to what is not TLS": (
        GOOD.replace(_SPLICE, "").replace("tunnel app", "respond app"),
        "turn-tcp-3478", 1, 15, "media.plain"),
    "the WebSocket is stripped": (
        _OPENED.replace(_UPGRADE, ""), "turn-udp", 1, 13, "signalling.websocket"),
    "the WebSocket's name in the wrong letters": (
        _OPENED.replace("protocols websocket", "protocols WebSocket"),
        "turn-udp", 1, 15, "upgrade-name"),
    "the WebSocket is denied": (
        _OPENED.replace("websocket allow", "websocket deny"),
        "turn-udp", 1, 15, "signalling.websocket"),
    "exempt: the whole top-level domain": (
        GOOD.replace(f"app dstdomain -n {NAMES}", "app dstdomain -n .com"),
        "turn-udp", 0, 5, "too-wide"),
    "exempt: everything": (
        _WIDE.replace("ssl_bump splice app\n", "ssl_bump splice all\n"),
        "turn-udp", 0, 12, "too-wide"),
    "exempt: what only ends alike": (
        _WIDE.replace(_SPLICE, "acl w dstdom_regex -n goto\\.com$\nssl_bump splice w\n" + _SPLICE),
        "turn-udp", 0, 13, "too-wide"),
    "allowed: what only begins alike": (
        GOOD.replace(_SITE, "acl w dstdom_regex -n goto\\.com\nhttp_access allow w\n" + _SITE),
        "turn-udp", 0, 11, "too-wide"),
    "dstdomain without -n": (
        GOOD.replace("dstdomain -n", "dstdomain"), "turn-udp", 0, 5, "reverse-lookup"),
    "the tunnel is closed": (
        GOOD.replace(_SPLICE, "ssl_bump terminate all\n"), "turn-udp", 1, 12, "signalling.connect"),
    "a rule that Squid ignores": (
        GOOD.replace(_SITE, f"http_access permit clients app\n{_SITE}"),
        "turn-udp", 0, 10, "ignored"),
    "a rule without an acl": (
        GOOD.replace("http_access deny all\n", "http_access deny all\nhttp_access deny\n"),
        "turn-udp", 0, 12, "ignored"),
    "no port inspects": (
        GOOD.replace("3128 ssl-bump", "3128"), "turn-udp", 0, 12, "no-inspection"),
    "a parent that is not there": (
        GOOD + "never_direct allow all\n", "turn-udp", 1, 18, "signalling.connect"),
    "tunnels end in the middle of a call": (
        GOOD + "client_lifetime 30 minutes\n", "turn-udp", 0, 18, "short-lifetime"),
    "only CONNECT is allowed, and then opened": (
        _OPENED.replace(_SITE, "http_access allow CONNECT clients app"),
        "turn-udp", 1, 11, "signalling.connect"),
    "only who has logged in": (
        GOOD.replace(_SITE, "acl known ident REQUIRED\nhttp_access allow known clients app"),
        "turn-udp", 3, 12, "signalling.connect"),
    "only at night": (
        GOOD.replace(_SITE, "acl night time 20:00-23:59\nhttp_access deny night\n" + _SITE),
        "turn-udp", 3, 11, "signalling.connect"),
}  # fmt: skip

_URLS = [f"*{name}/" for name in NAMES.split()]
_DOTTED = NAMES.split()
_BARE = [name[1:] for name in _DOTTED]
_STARRED = [f"*{name}" for name in _DOTTED]


def _with(entries, text):
    """The list with its first entry (goto.com's) replaced."""
    return "\n".join([text, *entries[1:]]) + "\n"


#: name -> (reader, text, exit code, line or None, need or finding)
LISTS = {
    "zscaler: an asterisk": (
        "zscaler", _with(_DOTTED, "*.goto.com"), 1, 1, "idle-entry"),
    "zscaler: capitals": (
        "zscaler", _with(_DOTTED, ".GoTo.com"), 1, 1, "idle-entry"),
    "zscaler: a scheme": (
        "zscaler", _with(_DOTTED, "https://.goto.com"), 1, 1, "idle-entry"),
    "zscaler: the apex only": (
        "zscaler", _with(_DOTTED, "goto.com"), 1, 1, "apex-only"),
    "zscaler: a domain is missing": (
        "zscaler", _with(_DOTTED, ""), 1, 1, "all.listed"),
    "pan-edl: no slash at the end": (
        "pan-edl", _with(_URLS, "*.goto.com"), 0, 1, "open-end"),
    "pan-edl: the apex only": (
        "pan-edl", _with(_URLS, "goto.com/"), 1, 1, "apex-only"),
    "pan-edl: a scheme": (
        "pan-edl", _with(_URLS, "https://*.goto.com/"), 1, 1, "idle-entry"),
    "pan-edl: a whole top-level domain": (
        "pan-edl", _with(_URLS, "*.com/"), 0, 1, "too-wide"),
    "pan-edl-domain: a URL": (
        "pan-edl-domain", _with(_STARRED, "*.goto.com/"), 1, 1, "idle-entry"),
    "pan-exclusion: one label deep only": (
        "pan-exclusion", "\n".join(_STARRED) + "\n", 1, 1, "all.listed"),
    "umbrella: an asterisk": (
        "umbrella", _with(_BARE, "*.goto.com"), 1, 1, "idle-entry"),
    "umbrella: a whole top-level domain": (
        "umbrella", _with(_BARE, "com"), 0, 1, "too-wide"),
    "umbrella: a name too deep": (
        "umbrella", _with(_BARE, "meet.goto.com"), 1, 1, "all.listed"),
}  # fmt: skip

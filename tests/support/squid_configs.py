"""Small squid.conf files over the application's names and their look-alikes, made by dice."""

HOSTS = [
    "app.goto.com",
    "a.b.goto.com",
    "goto.com",
    "meet.goto.com",
    "x.meet.goto.com",
    "evil-goto.com",
    "goto.com.evil.example",
    "app.goto-rtc.com",
    "www.other.example",
]
_NAMES = [
    ".goto.com", "goto.com", "meet.goto.com", ".meet.goto.com", ".GOTO-rtc.com", ".com",
    "*.goto.com", ".goto.com.", "app.goto.com", ".example", "evil-goto.com", ".evil.example",
]  # fmt: skip
_EXPRESSIONS = [
    r"goto\.com$", r"(^|\.)goto\.com$", r"^app\.", "goto", r"^[a-z]+\.goto\.com$", r"\.com$",
    r"-i \.GOTO\.com$", r"^(app|meet)\.goto\.com$", r"-i ^APP +i ^meet", r"evil|b\.goto",
]  # fmt: skip
_STEP = ["s1", "s2", "s3"]


def configuration(dice):
    """One configuration, without what a folder and a port need."""
    lines = [f"acl {step} at_step SslBump{step[1]}" for step in _STEP]
    acls = ["all", "CONNECT"]
    for number in range(dice.randint(2, 6)):
        acls.append(f"a{number}")
        lines.append(_acl(dice, acls[-1], acls[:-1]))
    lines += [
        f"http_access {dice.choice(['allow', 'allow', 'deny'])} {_terms(dice, acls)}"
        for _ in range(dice.randint(1, 4))
    ]
    if dice.random() < 0.6:
        lines.append("http_access allow all")
    lines += [_bump(dice, acls) for _ in range(dice.randint(0, 5))]
    if dice.random() < 0.5:
        offer = dice.choice(["websocket", "OTHER", "WebSocket"])
        allow = dice.choice(["allow", "allow", "deny"])
        lines.append(f"http_upgrade_request_protocols {offer} {allow} {_terms(dice, acls)}")
    if dice.random() < 0.4:
        act = dice.choice(["tunnel", "respond"])
        lines.append(f"on_unsupported_protocol {act} {_terms(dice, acls)}")
    return "\n".join(lines) + "\n"


def _acl(dice, name, before):
    kind = dice.choice(
        ["dstdomain", "dstdomain", "dstdom_regex", "ssl::server_name", "port", "src",
         "any-of", "all-of", "url_regex", "ssl::server_name_regex", "method"]
    )  # fmt: skip
    if kind in ("any-of", "all-of"):
        return f"acl {name} {kind} {_terms(dice, before)} {_terms(dice, before)}"
    values = {
        "dstdomain": lambda: f"-n {_some(dice, _NAMES)}",
        "ssl::server_name": lambda: f"--client-requested {_some(dice, _NAMES)}",
        "dstdom_regex": lambda: f"-n {dice.choice(_EXPRESSIONS)}",
        "url_regex": lambda: dice.choice([*_EXPRESSIONS, ":443$", r"^app\.goto\.com:"]),
        "ssl::server_name_regex": lambda: f"--client-requested {dice.choice(_EXPRESSIONS)}",
        "port": lambda: dice.choice(["443", "3478", "443 3478", "1-1023"]),
        "src": lambda: dice.choice(["127.0.0.1", "127.0.0.0/30", "127.0.0.5-127.0.0.9"]),
        "method": lambda: dice.choice(["CONNECT", "GET", "CONNECT GET"]),
    }[kind]()
    return f"acl {name} {kind} {values}"


def _some(dice, every):
    return " ".join(dice.sample(every, dice.randint(1, 3)))


def _terms(dice, acls):
    chosen = dice.sample(acls, min(len(acls), dice.randint(1, 2)))
    return " ".join(dice.choice(["", "", "!"]) + each for each in chosen)


def _bump(dice, acls):
    act = dice.choice(["splice", "splice", "bump", "bump", "peek", "peek", "stare", "terminate"])
    step = dice.choice(["", "", "s1 ", "s2 ", "s3 "])
    return f"ssl_bump {act} {step}{_terms(dice, acls)}"


def requests(dice):
    """Requests for every host, from two clients and for both ports in turn."""
    return [
        {"host": host, "port": port, "client": dice.choice(["127.0.0.1", "127.0.0.5"])}
        for host in HOSTS
        for port in (443, 3478)
        if port == 443 or dice.random() < 0.3
    ]

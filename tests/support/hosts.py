"""Hosts that every product is asked about, and what its list should say of them.

The answers are for the patterns ``*.goto.com``, ``apis.google.com`` and
``*.xn--bcher-kva.example``. A host of ``BELOW`` or ``ITSELF`` must match, one of
``FOREIGN`` must not, whatever the product. The others are where products differ: an apex,
a name below a single name, a trailing dot, seven labels.
"""

from callgate.names import DomainPattern

PATTERNS = tuple(
    DomainPattern.parse(text)
    for text in ("*.goto.com", "apis.google.com", "*.xn--bcher-kva.example")
)

#: One to six labels below, upper case, A-labels.
BELOW = (
    "meet.goto.com",
    "b.a.goto.com",
    "c.b.a.goto.com",
    "d.c.b.a.goto.com",
    "e.d.c.b.a.goto.com",
    "x-1.meet.goto.com",
    "MEET.GoTo.COM",
    "shop.xn--bcher-kva.example",
)
SIX_LABELS = "f.e.d.c.b.a.goto.com"
ITSELF = ("apis.google.com", "APIS.Google.Com")
APEX = "goto.com"
BELOW_ITSELF = "v2.apis.google.com"
TRAILING_DOT = "meet.goto.com."

#: Look-alikes, neighbours, addresses: never the application's.
FOREIGN = (
    "evil-goto.com",
    "evilgoto.com",
    "goto.com.evil.com",
    "meet.goto.com.evil.com",
    "goto.community",
    "goto.co",
    "com",
    "gotoxcom",
    "meet.gotoxcom",
    "meetxgoto.com",
    "goto-com.evil.com",
    "google.com",
    "evil-apis.google.com",
    "apis.google.com.evil.com",
    "xn--bcher-kva.example.evil.com",
    "bcher-kva.example",
    "192.0.2.1",
    "[2001:db8::1]",
    "localhost",
)
EVERY = (*BELOW, SIX_LABELS, *ITSELF, APEX, BELOW_ITSELF, TRAILING_DOT, *FOREIGN)

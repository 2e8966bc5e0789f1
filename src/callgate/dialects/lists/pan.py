"""The ``pan-edl`` dialect: lists for a PAN-OS firewall to fetch, and its exclusions."""

from typing import Final

from callgate.dialects.base import Artifact, Capabilities, Option
from callgate.dialects.lists.instructions import instructions
from callgate.dialects.lists.limits import PAN, PAN_EXCLUSION, Limit, refuse_longer
from callgate.dialects.naming import entries, excess_note
from callgate.dialects.options import chosen
from callgate.errors import UsageError
from callgate.names.matchers import Confirmed, find
from callgate.policy.model import Policy

_CAPACITY: Final = "capacity"
_CAPACITY_MAX: Final = 10_000_000
#: File, matcher and what it is for.
_LISTS: Final = (
    ("pan-url.txt", "pan-url", "external dynamic list, type URL List"),
    ("pan-domain.txt", "pan-domain", "external dynamic list, type Domain List"),
    ("pan-exclusion.txt", "pan-exclusion", "SSL decryption exclusions, one a line"),
)
_STEPS: Final = (
    (
        "Put pan-url.txt on a web server that the firewall reaches. Objects > External Dynamic "
        "Lists > Add: callgate-url, type URL List, its address, five minutes. In pan-domain.txt "
        "are the same names for lists of type Domain List."
    ),
    (
        "Policies > Decryption: a rule above those that decrypt, URL category callgate-url, action "
        "No Decrypt. Policies > Security: a rule that allows the category, service tcp/443."
    ),
    (
        "Where no decryption rule can be added: Device > Certificate Management > SSL Decryption "
        "Exclusion, each line of pan-exclusion.txt."
    ),
    (
        "request system external-list show type url name callgate-url shows what was fetched; "
        "then: callgate check goto pan-url.txt --dialect pan-edl (pan-edl-domain, pan-exclusion "
        "for the others)."
    ),
    "To go back: delete the two rules, the exclusions and the lists, and commit.",
)


class PanEdl:
    """Palo Alto Networks PAN-OS."""

    name = "pan-edl"
    title = "PAN-OS external dynamic lists"
    filters = False
    sides: frozenset[str] = frozenset()
    options: tuple[Option, ...] = (
        Option(
            _CAPACITY,
            "how many entries your model takes in all lists of one type together",
            default=str(PAN.entries),
        ),
    )
    capabilities = Capabilities(
        ipv6=True,
        port_ranges=False,
        stateful=False,
        domains="exact, and wildcard at any depth without the apex; one label for each * in "
        "exclusions",
        groups=True,
        name_limit=32,
        name_charset="ASCII; other names as IDNA A-labels; at most 255 characters",
        comments="none",
        logging=True,
        default_action="as the policy says",
        order="first rule",
        merge="lists of its own",
        source=find("pan-url").traits.source,
    )

    def generate(self, policy: Policy) -> tuple[Artifact, ...]:
        """Three lists and the instructions; UnsupportedError for no name or too many."""
        capacity = self._capacity(policy)
        artifacts = []
        for file, matcher_id, purpose in _LISTS:
            matcher = find(matcher_id)
            names = entries(matcher, policy, self.title)
            limit = PAN_EXCLUSION if matcher_id == "pan-exclusion" else capacity
            hint = f"a bigger model takes more: --option {_CAPACITY}=N"
            refuse_longer(names, limit, self.title, hint)
            excess = excess_note(matcher, policy.domains)
            text = "\n".join(names) + "\n"
            artifacts.append(Artifact(file, text, purpose, excess_note=excess))
        matchers = tuple(find(matcher_id) for _, matcher_id, _ in _LISTS)
        text = instructions(policy, "lists for PAN-OS", _STEPS, matchers)
        what = "where the lists go, and the way back"
        return (*artifacts, Artifact("pan-instructions.txt", text, what, instructions=True))

    def _capacity(self, policy: Policy) -> Limit:
        text = chosen(self, policy.target)[_CAPACITY]
        if text == str(PAN.entries):
            return PAN
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _CAPACITY_MAX):
            raise UsageError(f"--option {_CAPACITY}={text}: a number of entries is expected")
        return Limit(int(text), "entries, as you say", "--option", Confirmed.UNCONFIRMED)

"""The user's own files for the lab: what each is, and which tool is to load it."""

from dataclasses import replace

from callgate.cli.files import read_text
from callgate.dialects import reading
from callgate.dialects.iptables.reading.families import by_family
from callgate.errors import InputError, Mistake, UsageError
from callgate.flows import Family
from callgate.lab.arena import Rules
from callgate.places import Place

#: Field of :class:`Rules` that holds the restore file of a family.
_FIELDS = {Family.V4: "iptables", Family.V6: "ip6tables"}


def own_rules(names: tuple[str, ...]) -> Rules | None:
    """The rules in these files; None for no file.

    InputError for a file that is empty or of another product, UsageError for two files
    that would be loaded in each other's place.
    """
    rules = Rules()
    for name in names:
        for field, text in _read(name).items():
            if getattr(rules, field) is not None:
                raise UsageError(
                    f"{name}: another --config already is the {field} file",
                    hint="give one nftables file, or one iptables-save file of each family",
                )
            rules = replace(rules, **{field: text})
    if rules.nft is not None and rules != Rules(nft=rules.nft):
        raise UsageError("--config: nftables and iptables files do not go together here")
    return rules if names else None


def _read(name: str) -> dict[str, str]:
    """What a file holds, by the field of :class:`Rules` that it belongs in."""
    text = read_text(name)
    shown = "<stdin>" if name == "-" else name
    if not text.strip():
        raise InputError([Mistake(Place(shown), "the file is empty")])
    claims = [known for known in reading.names() if reading.find(known).detect(text)]
    if claims == ["iptables"]:
        return {_FIELDS[family]: part for family, part in by_family(text, shown).items()}
    if not claims or "nftables" in claims:
        return {"nft": text}  # whether it is one is for nft itself to say
    what = f"this looks like {' or '.join(claims)}"
    hint = "the lab's firewall is a Linux kernel; 'callgate check' reads this file"
    raise InputError([Mistake(Place(shown, 1), what, hint)])

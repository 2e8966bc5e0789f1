"""The user's table of DNS answers, in the form of a hosts file.

``192.0.2.7 intranet.example.net www`` gives addresses (several lines add up), and
``- old.example.net`` says that a name does not exist. ``*.example.net`` stands for every
name below a domain that has no line of its own, ``*`` for every other name. ``#`` begins a
comment.
"""

from ipaddress import ip_address

from callgate.errors import InputError, Mistake
from callgate.names.patterns import normalise
from callgate.places import Place

_HINT = "ADDRESS NAME [NAME…], or - NAME for a name that does not exist"


def parse(text: str, source: str) -> dict[str, tuple[str, ...]]:
    """Addresses by name; InputError holds every line that is not of the form."""
    found: dict[str, tuple[str, ...]] = {}
    gone: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            address = () if words[0] == "-" else (str(ip_address(words[0])),)
            names = [_name(word) for word in words[1:]]
            if not names:
                raise ValueError("no name")
        except ValueError as error:
            mistakes.append(Mistake(Place(source, number), str(error), _HINT))
            continue
        for name in names:
            if not address:
                gone[name] = number
            found[name] = found.get(name, ()) + address
    for name, number in gone.items():
        if found[name]:
            text_of = f"{name} does not exist here, and has an address on another line"
            mistakes.append(Mistake(Place(source, number), text_of))
    if mistakes:
        raise InputError(mistakes)
    return found


def _name(word: str) -> str:
    if word == "*":
        return word
    return f"*.{normalise(word[2:])}" if word.startswith("*.") else normalise(word)

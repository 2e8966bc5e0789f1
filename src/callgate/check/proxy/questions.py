"""What is asked about a request: is it let through, is its TLS left alone, and so on."""

from typing import Final

from callgate.check.proxy.course import Course, Treatment
from callgate.check.proxy.judging import Question
from callgate.rules.proxy import ProxyRule


def _access(found: Course) -> ProxyRule | None:
    return found.access


def _inspector(found: Course) -> ProxyRule | None:
    return found.inspector


def _untouched(found: Course) -> bool:
    return found.treatment in (Treatment.ALONE, Treatment.WATCHED)


def _upgrade(found: Course) -> ProxyRule | None:
    """The rule that drops the upgrade, or the one that opened what no rule keeps."""
    return _written(found.upgrade) or found.inspector


def _strange(found: Course) -> ProxyRule | None:
    return _written(found.strange) or found.inspector


def _written(rule: ProxyRule | None) -> ProxyRule | None:
    """A rule that somebody wrote; the end of a list is none."""
    return rule if rule is not None and rule.terms else None


#: CONNECT gets through, and what is inside it too.
ALLOWED: Final = Question(lambda found: found.passes, _access, "not allowed")
#: Nobody opens the TLS. What is not let through at all is another question's business.
UNTOUCHED: Final = Question(
    lambda found: not found.passes or _untouched(found), _inspector, "opened by inspection"
)
#: A WebSocket handshake gets through.
UPGRADED: Final = Question(
    lambda found: not found.passes or found.keeps_upgrade, _upgrade, "left without WebSocket"
)
#: TURN by plain TCP gets through: bytes that are neither TLS nor HTTP.
PLAIN: Final = Question(
    lambda found: not found.passes or found.carries_strange, _strange, "broken: only TLS passes"
)
#: The name stands in the list.
LISTED: Final = Question(lambda found: found.passes, _access, "not in the list")

"""Judge a PAC file: the application's names, and only those, must go where they belong.

Theory of operation
-------------------
* Where names belong is the site's to say (``--proxy``, or DIRECT); a site that does not say
  is only told where they go, and when they do not all go one way.
* The application's way is compared with that of strangers. Where both are the same the file
  does not tell names apart, and a look-alike cannot be taken along.
* An answer that hangs on something which was not given (a DNS look-up, the client's
  address, the time) is ``depends``; one that a limit cut off is ``unknown``.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from callgate.dialects.pac.comments import plain
from callgate.names import DomainPattern
from callgate.pac.directives import DIRECT, Directives
from callgate.pac.interview import Told, interview, line_at
from callgate.pac.lint import lint
from callgate.pac.questions import Question, Role, questions
from callgate.pac.readers import Reader
from callgate.pac.sandbox import Client
from callgate.pac.source import decode
from callgate.pac.syntax import Script
from callgate.policy.site import Proxy
from callgate.verdicts import Finding, Line, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Expected:
    """Where the site wants names to go, as first alternatives; None where it does not say."""

    app: str | None = None
    other: str | None = None

    @classmethod
    def of(cls, proxy: Proxy | None, default_proxy: Proxy | None, *, direct: bool) -> "Expected":
        """From the site's proxies; ``direct`` says that the application's names use none."""
        app = DIRECT if direct else _way(proxy)
        return cls(app, _way(default_proxy))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose names the file is asked about, and where they should go."""

    profile: str
    patterns: tuple[DomainPattern, ...]
    expected: Expected


@dataclass(frozen=True, slots=True)
class Row:
    """One question, where it goes, and whether that is right."""

    question: Question
    told: Told
    verdict: Verdict
    reason: str

    @property
    def way(self) -> str:
        """The alternatives as the client reads them, or the failure that makes it go DIRECT."""
        return str(self.told.ways)


@dataclass(frozen=True, slots=True)
class PacAudit:
    """What one reader makes of one file."""

    source: str
    profile: str
    reader: Reader
    expected: Expected
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """BLOCKED when something is wrong, else the weakest answer about the names."""
        if any(finding.severity is Severity.ERROR for finding in self.findings):
            return Verdict.BLOCKED
        found = {row.verdict for row in self.rows}
        worst = (Verdict.BLOCKED, Verdict.UNKNOWN, Verdict.DEPENDS)
        return next((each for each in worst if each in found), Verdict.SATISFIED)


_TITLES: Final = {
    "pac-wrong-way": "names of the application go elsewhere",
    "pac-look-alike": "a stranger is taken for the application",
    "pac-other-way": "other names go elsewhere",
    "pac-fails": "the file fails, and the client goes DIRECT",
    "pac-variant": "a name written differently goes elsewhere",
    "pac-apex": "the domain itself goes elsewhere",
}
#: How many hosts a finding names.
_NAMED: Final = 4


def audit(
    data: bytes,
    source: str,
    subject: Subject,
    client: Client,
) -> PacAudit:
    """Question one file as one reader would; InputError for what is no text."""
    reader, expected = client.reader, subject.expected
    decoded = decode(data, source, reader)
    script = Script(source, decoded.text)
    asked = tuple(questions(subject.patterns, reader))
    found = interview(script, [(each.url, each.host) for each in asked], client)
    static = (*decoded.findings, *lint(script, reader))
    if found.failure:
        line = line_at(script, found.place) or Line(script.place(script.root), "")
        message = f"{found.failure}; the client goes DIRECT, without a word"
        broken = Finding("pac-broken", Severity.ERROR, message, line)
        return PacAudit(source, subject.profile, reader, expected, (), (broken, *static))
    judge = _Judge(script, expected, list(zip(asked, found.told, strict=True)))
    rows = tuple(judge.rows())
    told = {(each.kind, _line_number(each)) for each in static}
    seen = (
        each for each in judge.alternatives(reader) if (each.kind, _line_number(each)) not in told
    )
    findings = (*judge.findings(rows), *seen, *static)
    return PacAudit(source, subject.profile, reader, expected, rows, findings)


class _Judge:
    def __init__(
        self, script: Script, expected: Expected, asked: list[tuple[Question, Told]]
    ) -> None:
        self._script = script
        self._expected = expected
        self._asked = asked
        names = Counter(
            _first(told) for question, told in asked if question.role is Role.NAME and _sure(told)
        )
        self._app = expected.app or (names.most_common(1)[0][0] if names else "")
        self._ways = len(names)
        strangers = Counter(
            _first(told)
            for question, told in asked
            if question.role is Role.OTHER and "example" in question.host
        )
        self._other = strangers.most_common(1)[0][0]

    def rows(self) -> Iterator[Row]:
        for question, told in self._asked:
            verdict, reason = self._verdict(question, told)
            yield Row(question, told, verdict, reason)

    def _verdict(self, question: Question, told: Told) -> tuple[Verdict, str]:
        if told.answer.limited:
            return Verdict.UNKNOWN, told.failure
        if told.missing:
            return Verdict.DEPENDS, "depends on " + ", ".join(map(plain, told.missing[:_NAMED]))
        if told.failure:
            return Verdict.BLOCKED, told.failure
        wrong = self._wrong(question, _first(told))
        return (Verdict.BLOCKED, wrong) if wrong else (Verdict.SATISFIED, "")

    def _wrong(self, question: Question, way: str) -> str:
        expected = self._expected
        if question.role is Role.NAME and expected.app not in (None, way):
            return f"the site says {expected.app}"
        if question.role is Role.LOOK_ALIKE and way == self._app != self._other:
            return "goes the application's way"
        stranger = question.role is Role.OTHER and "example" in question.host
        if stranger and expected.other not in (None, way):
            return f"the site says {expected.other}"
        return ""

    def findings(self, rows: Sequence[Row]) -> Iterator[Finding]:
        groups: dict[tuple[str, str, Line | None], list[Row]] = {}
        for row in rows:
            kind = self._kind(row)
            if kind:
                groups.setdefault((kind, row.way, self._line(row.told)), []).append(row)
        for (kind, way, line), group in groups.items():
            yield self._finding(kind, way, line, group)
        if self._expected.app is None and self._ways > 1:
            yield self._split(rows)

    def _kind(self, row: Row) -> str:
        told, role = row.told, row.question.role
        if row.verdict is Verdict.BLOCKED and told.failure:
            return "pac-fails"
        if row.verdict is Verdict.BLOCKED:
            by_role = {Role.NAME: "pac-wrong-way", Role.LOOK_ALIKE: "pac-look-alike"}
            return by_role.get(role, "pac-other-way")
        if row.verdict is Verdict.UNKNOWN and told.answer.kind != "not asked":
            return "pac-hangs"
        if row.verdict is not Verdict.SATISFIED or _first(told) == self._app:
            return ""
        return {Role.APEX: "pac-apex", Role.VARIANT: "pac-variant"}.get(role, "")

    def _finding(self, kind: str, way: str, line: Line | None, group: list[Row]) -> Finding:
        severity = {"pac-apex": Severity.NOTE, "pac-variant": Severity.WARNING}.get(
            kind, Severity.ERROR
        )
        urls = [row.question.url for row in group]
        named = ", ".join(plain(url) for url in urls[:_NAMED])
        more = f" and {len(urls) - _NAMED} more" if len(urls) > _NAMED else ""
        what = _TITLES.get(kind, group[0].reason)
        reason = f" ({group[0].reason})" if kind in _TITLES and group[0].reason else ""
        return Finding(kind, severity, f"{what}: {named}{more} → {plain(way)}{reason}", line)

    def _line(self, told: Told) -> Line | None:
        if told.place is not None:
            return line_at(self._script, told.place)
        return told.decision.statement if told.decision is not None else None

    def _split(self, rows: Sequence[Row]) -> Finding:
        by_way: dict[str, list[str]] = {}
        for row in rows:
            if row.question.role is Role.NAME and _sure(row.told):
                by_way.setdefault(_first(row.told), []).append(row.question.host)
        parts = [f"{way} ({len(hosts)}, such as {hosts[0]})" for way, hosts in by_way.items()]
        message = f"the application's names go {len(parts)} ways: {'; '.join(parts)}"
        return Finding("pac-split", Severity.WARNING, message)

    def alternatives(self, reader: Reader) -> Iterator[Finding]:
        """What the client passes over or fills in, once for each returned string."""
        seen: set[str] = set()
        for _, told in self._asked:
            if told.failure or told.answer.value in seen:
                continue
            seen.add(told.answer.value)
            yield from _about_return(told.answer.value, told.ways, self._line(told), reader)


def _about_return(
    value: str, ways: Directives, line: Line | None, reader: Reader
) -> Iterator[Finding]:
    for part, why in ways.rejected:
        message = f"{plain(part)!r} is passed over: {why}"
        yield Finding("pac-return", Severity.ERROR, message, line)
    if not value.strip(" \t;"):
        message = "an empty string is returned; the client goes DIRECT"
        yield Finding("pac-return", Severity.WARNING, message, line)
    for way in ways.ways:
        if not way.port_given:
            message = f"no port stands behind {way.host}; {reader.title} takes {way.port}"
            yield Finding("pac-return", Severity.WARNING, message, line)
    kinds = [way.kind for way in ways.ways]
    if len(kinds) > 1 and kinds[-1] == DIRECT:
        message = (
            f"{plain(value)!r}: where the proxy fails the client goes DIRECT, past the proxy "
            "and without a word"
        )
        yield Finding("pac-fallback", Severity.NOTE, message, line)


def _line_number(finding: Finding) -> int:
    return finding.line.place.line if finding.line is not None else 0


def _first(told: Told) -> str:
    return str(told.ways.ways[0])


def _sure(told: Told) -> bool:
    return not (told.failure or told.missing)


def _way(proxy: Proxy | None) -> str | None:
    if proxy is None:
        return None
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    return f"PROXY {host.lower()}:{proxy.port}"

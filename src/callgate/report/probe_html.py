"""What a probe found as one HTML file to attach to a ticket: no scripts, nothing fetched.

Every text is escaped: server names, reasons and issuers are written by others.
"""

from collections.abc import Iterable
from html import escape

from callgate.probe.account import Account
from callgate.probe.findings import Finding, PathResult
from callgate.probe.words import describe
from callgate.report import probes

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #ccc;padding:.4rem .6rem;text-align:left;vertical-align:top}
td.works{background:#e2f5e2}td.blocked{background:#fbe1e1}td.degraded{background:#fff3d6}
td.inconclusive,td.not{background:#eee}
pre{background:#f6f6f6;padding:.6rem;overflow:auto}
li{overflow-wrap:anywhere}
"""
#: No script, no fetch: a file from a stranger's network must be safe to open.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def account_html(account: Account) -> str:
    """The whole file."""
    title = escape(f"{account.document}: paths from here")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{_paragraphs(probes.foot(account))}
<h2>The ladder</h2>
<table><tr>{"".join(f"<th>{escape(each)}</th>" for each in probes.HEADERS)}</tr>
{"".join(map(_row, account.results))}</table>
{_quality(account)}<h2>Diagnosis</h2>
{_diagnosis(account)}
<h2>Scenarios</h2>
<ul>{"".join(f"<li>{escape(k)}: {escape(str(v))}</li>" for k, v in account.verdicts.items())}</ul>
<h2>Evidence</h2>
{"".join(_evidence(each) for result in account.results for each in result.findings)}
<h2>Log</h2>
<details><summary>{len(account.log)} lines</summary><pre>{_log(account)}</pre></details>
</body>
</html>
"""


def _row(result: PathResult) -> str:
    path, outcome, quick, seen = probes.row(result)
    kind = escape(str(result.outcome).split(" ", 1)[0])
    lines = "<br>".join(map(escape, seen.split("\n")))
    return (
        f'<tr><td>{escape(path)}</td><td class="{kind}">{escape(outcome)}</td>'
        f"<td>{escape(quick)}</td><td>{lines}</td></tr>\n"
    )


def _quality(account: Account) -> str:
    if not account.qualities:
        return ""
    table = probes.quality_table(account)
    head = "".join(f"<th>{escape(each)}</th>" for each in table.headers)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in table.rows
    )
    notes = _paragraphs(probes.quality_notes(account))
    return f"<h2>{escape(table.title)}</h2>\n<table><tr>{head}</tr>\n{rows}</table>\n{notes}"


def _diagnosis(account: Account) -> str:
    change = account.diagnosis.change
    lines = list(probes.diagnosis(account))
    rules = [] if change is None else list(change.lines)
    told = [each for each in lines if not each.startswith("  ")]
    block = f"<pre>{escape(chr(10).join(rules))}</pre>" if rules else ""
    return _paragraphs(told) + block


def _evidence(finding: Finding) -> str:
    head = f"{finding.path} to {finding.probe.server} {finding.family or ''}".rstrip()
    items = [*finding.evidence, *(f"note: {each}" for each in finding.notes)]
    return (
        f"<h3>{escape(head)}</h3><p>{escape(f'{finding.outcome}: {finding.summary}')}</p>"
        f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in items)}</ul>\n"
    )


def _log(account: Account) -> str:
    return "\n".join(
        escape(f"{each.at * 1000:9.1f} ms  {each.probe} #{each.attempt}: {describe(each.fact)}")
        for each in account.log
    )


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(each)}</p>\n" for each in lines)

"""The measurement that comes with Callgate, as a page and a picture."""

from callgate.cli.quality_plot import TITLE, plot
from callgate.cli.quality_tables import beside, table
from callgate.lab.quality.published import published
from callgate.report.pictures import svg

_HEAD = """\
# Measured call quality

All 84 cells of `callgate lab quality --full`; [what a relay costs](quality.md) says how they
are measured and what they do not show.
"""


def quality_page() -> str:
    """Every cell, and beside it what must be known to read it."""
    settings, figures = published()
    notes = "\n".join(f"- {line}" for line in beside(settings, figures))
    return "\n".join([_HEAD, f"![{TITLE}](quality.svg)\n", notes, "", table(figures).markdown()])


def quality_picture() -> str:
    """The charts as SVG."""
    return svg(plot(published().figures))

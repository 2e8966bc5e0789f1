import csv
import io

from callgate.report.tables import Table

TABLE = Table(("Name", "Why"), (("a|b", "first\nsecond"), ("=1+1", "<b>")), "A title")


def test_markdown_escapes_what_would_break_the_table():
    lines = TABLE.markdown().splitlines()
    assert lines[0] == "### A title"
    assert lines[2] == "| Name | Why |"
    assert lines[4] == "| a\\|b | first<br>second |"
    assert lines[5] == "| =1+1 | &lt;b> |"


def test_csv_is_read_back_and_formulas_are_inert():
    rows = list(csv.reader(io.StringIO(TABLE.csv())))
    assert rows == [["Name", "Why"], ["a|b", "first\nsecond"], ["'=1+1", "<b>"]]


def test_text_keeps_to_its_width_and_has_no_colour_unless_told():
    text = TABLE.text(width=40, colour=False)
    assert max(len(line) for line in text.splitlines()) <= 40
    assert "\x1b" not in text
    table = Table(("Verdict",), (("satisfied",),))
    assert "\x1b" in table.text(width=40, colour=True)


def test_cells_are_not_read_as_markup():
    assert "[red]x[/red]" in Table(("[b]h",), (("[red]x[/red]",),)).text(width=60, colour=False)

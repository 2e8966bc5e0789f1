import io
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from callgate.report.charts import Axis, Mark, Row, Series, chart, percents, powers
from callgate.report.pictures import Dot, Line, Picture, Words, svg
from callgate.report.png import png

SVG = "{http://www.w3.org/2000/svg}"
ACROSS = Axis("loss", 0, 5, (0, 1, 3, 5), " %")


def picture(*shapes):
    return Picture(100, 60, "A <title>", shapes)


def test_svg_holds_the_shapes():
    shown = picture(
        Line(((1, 2), (3.25, 4)), "#aa0000", 1.6, (4, 3)),
        Dot((5, 6), "#00aa00"),
        Words((7, 8), "5 < 6 & 7", "end", bold=True),
    )
    root = ET.fromstring(svg(shown))
    assert root.find(f"{SVG}title").text == "A <title>"
    line = root.find(f".//{SVG}polyline")
    assert line.get("points") == "1.0,2.0 3.2,4.0"
    assert line.get("stroke-dasharray") == "4 3"
    assert root.find(f".//{SVG}circle").get("cx") == "5.0"
    words = root.find(f".//{SVG}text")
    assert (words.text, words.get("text-anchor")) == ("5 < 6 & 7", "end")
    assert words.get("font-weight") == "bold"


def colours(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return image, {colour for _, colour in image.getcolors(100_000)}


def test_png_shows_the_same_shapes():
    shown = picture(
        Line(((10, 10), (90, 10)), "#aa0000", 2.0),
        Dot((50, 30), "#00aa00", 4.0),
        Words((50, 50), "words", "middle", "#0000aa"),
    )
    image, found = colours(png(shown))
    assert image.size == (200, 120)
    assert {(170, 0, 0), (0, 170, 0), (255, 255, 255)} <= found
    assert image.getpixel((100, 60)) == (0, 170, 0)
    assert image.getpixel((100, 20)) == (170, 0, 0)
    assert image.getpixel((100, 40)) == (255, 255, 255)
    assert any(blue > 100 and red < 100 for red, _, blue in found)


def test_a_dashed_line_has_gaps_and_goes_round_corners():
    shown = picture(Line(((10, 10), (90, 10), (90, 50)), "#aa0000", 2.0, (10, 10)))
    image, _ = colours(png(shown))
    row = [image.getpixel((x, 20)) for x in range(20, 180)]
    share = sum(pixel == (170, 0, 0) for pixel in row) / len(row)
    assert 0.35 < share < 0.65
    column = [image.getpixel((180, y)) for y in range(24, 100)]
    assert 0.2 < sum(pixel == (170, 0, 0) for pixel in column) / len(column) < 0.8


def test_the_same_picture_is_the_same_file():
    shown = picture(Words((10, 20), "ten"))
    assert png(shown) == png(shown)
    assert svg(shown) == svg(shown)


@given(st.lists(st.floats(0, 100), max_size=5))
def test_axes_hold_all_values(values):
    for axis in (powers("y", " ms", [1000 * each for each in values], 10), percents("y", values)):
        assert axis.low <= max([axis.low, *values]) <= axis.high
        assert axis.ticks[0] == axis.low
        assert axis.ticks[-1] == axis.high
        assert 2 <= len(axis.ticks) <= 7
        shares = [axis.share(value) for value in sorted(values)]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)


def test_a_logarithmic_axis():
    axis = powers("delay", " ms", [20.0, 900.0], 10)
    assert axis.ticks == (10, 100, 1000)
    assert axis.share(100) == pytest.approx(0.5)
    assert axis.share(1) == 0.0


def test_a_chart_has_each_name_once_and_stays_inside():
    series = tuple(
        Series(name, "#123456", (Mark(0, 20.0), Mark(3, value, (value / 2, value * 2))), dash)
        for name, value, dash in (("udp", 21.0, None), ("tcp", 400.0, (4, 3)))
    )
    rows = [Row(powers("delay", " ms", [400.0], 10), (series, series))] * 2
    found = chart("A title", ["40 ms", "150 ms"], ACROSS, rows)
    texts = [shape.text for shape in found.shapes if isinstance(shape, Words)]
    assert [texts.count(text) for text in ("udp", "tcp", "A title", "40 ms", "150 ms")] == [1] * 5
    assert texts.count("1,000 ms") == 2  # once for each row
    for shape in found.shapes:
        points = shape.points if isinstance(shape, Line) else (shape.at,)
        for x, y in points:
            assert 0 <= x <= found.width
            assert 0 <= y <= found.height
    assert sum(isinstance(shape, Dot) for shape in found.shapes) == 16


def test_higher_values_stand_higher():
    series = (Series("one", "#123456", (Mark(0, 20.0), Mark(5, 200.0))),)
    found = chart("t", ["h"], ACROSS, [Row(powers("y", "", [200.0], 10), (series,))])
    low, high = (shape.at for shape in found.shapes if isinstance(shape, Dot))
    assert low[0] < high[0]
    assert low[1] > high[1]

import pytest

from callgate.cli.files import read_text
from callgate.errors import InputError


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"ok\n\xff\xfe", 2, "not UTF-8 text"),
        ("wide".encode("utf-16"), 1, "not UTF-8 text"),
        (b"a\nb\0c", 2, "not text: it holds NUL bytes"),
    ],
)
def test_what_is_not_text_is_refused_with_its_line(tmp_path, data, line, message):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_text(str(path))
    (mistake,) = caught.value.mistakes
    assert mistake.message == message
    assert mistake.place.line == line


def test_a_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_text(str(path)) == "a: 1\n"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot read: No such file.*\n.*hint: names are"):
        read_text(str(tmp_path / "absent"))


def test_a_directory_is_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot read: Is a directory\n.*hint: name a file in it"):
        read_text(str(tmp_path))


def test_whatever_else_goes_wrong_with_a_file_has_a_hint(tmp_path):
    with pytest.raises(InputError, match=r"cannot read: .*\n.*hint: is the name right"):
        read_text(str(tmp_path / ("x" * 300)))

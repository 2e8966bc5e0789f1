from scripts.corpus_table import by_dialect, main, rows
from scripts.statements import filtering_lines
from tests.support.iptables import save


def test_a_row_counts_what_is_decided(tmp_path, capsys):
    text = save("-p tcp -j ACCEPT", "-m limit --limit 1/s -j ACCEPT", "-j missing")
    (tmp_path / "rules.v4").write_text(f"a note\n{text}")
    (tmp_path / "strange").write_text("nothing that we know")
    good, bad = rows(tmp_path)
    chains = sum(line.startswith(":") for line in text.splitlines())
    assert (good.dialect, good.statements, good.conditions) == ("iptables", 4 + chains, 1)
    assert good.strange == 2  # the note, and a chain that is not there
    assert good.decided == good.statements - 3
    assert "no configuration that we know" in bad.problem
    assert main([str(tmp_path)]) == 0
    lines = list(by_dialect([good, bad]))
    assert lines[-1] == "of no dialect that is read here: 1 files"
    assert "\n".join(lines) in capsys.readouterr().out


def test_no_folder(tmp_path, capsys):
    assert main([str(tmp_path / "absent")]) == 2
    assert "CALLGATE_CORPUS" in capsys.readouterr().err


def test_tables_of_fortios_are_told_by_their_heads():
    text = "config system x\nedit 1\nset a b\nend\nconfig firewall policy\nedit 1\nset b c\nend\n"
    assert filtering_lines(text, "fortigate") == {6, 7}
    assert filtering_lines("anything", "no such dialect") == set()

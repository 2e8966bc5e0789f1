from scripts.corpus_table import main, rows
from tests.support.iptables import save


def test_a_row_counts_what_is_decided(tmp_path, capsys):
    text = save("-p tcp -j ACCEPT", "-m limit --limit 1/s -j ACCEPT", "-j missing")
    (tmp_path / "rules.v4").write_text(f"a note\n{text}")
    (tmp_path / "strange").write_text("nothing that we know")
    good, bad = rows(tmp_path)
    assert (good.dialect, good.rules, good.modelled, good.elsewhere) == ("iptables", 3, 1, 1)
    assert "no configuration that we know" in bad.problem
    assert main([str(tmp_path)]) == 0
    assert "1 of 2 files read: 1 of 3 rules modelled" in capsys.readouterr().out


def test_no_folder(tmp_path, capsys):
    assert main([str(tmp_path / "absent")]) == 2
    assert "CALLGATE_CORPUS" in capsys.readouterr().err

"""Names, logs, counts, ports, paths and wheels."""

import base64
import hashlib
import json
import socket
import subprocess
import sys

import pytest

from devtools import database, locks, logcheck, paths, proc, server
from devtools.datasets import base
from devtools.errors import DevError
from devtools.testing import Counts

LOG = """\
2026-01-01 10:00:00,000 1 INFO db odoo.modules: fine
2026-01-01 10:00:00,000 1 WARNING db odoo.addons.x: not fine
2026-01-01 10:00:00,000 1 ERROR db odoo.addons.y: worse
Traceback (most recent call last):
ValueError: boom
2026-01-01 10:00:00,000 1 INFO db odoo.modules: WARNING in the text of a message is nothing
"""


@pytest.mark.parametrize("name", ["postgres", "template1", "tpl_x", "a b", "-x", "", "a;b", "x" * 64, "../x"])
def test_bad_database_names(name):
    with pytest.raises(DevError, match="can't be the name"):
        database.check_name(name)


def test_quoting():
    assert database.identifier('a"b') == '"a""b"'
    assert database.literal("O'Hara") == "'O''Hara'"


def test_log_entries_keep_their_traceback(tmp_path):
    log = tmp_path / "log"
    log.write_text(LOG)
    found = logcheck.complaints(log)
    assert len(found) == 2
    assert found[1].endswith("ValueError: boom")
    assert "not fine" in logcheck.show(found)
    assert logcheck.complaints(tmp_path / "none") == []


def _report(tmp_path, **counts):
    path = tmp_path / "report.json"
    path.write_text(json.dumps({"passed": 0, "failed": 0, "skipped": 0, "skip_reasons": [], **counts}))
    return path


def test_counts(tmp_path, capsys):
    counts = Counts()
    counts.add_report(_report(tmp_path, passed=3, skipped=1), 0, "it")
    assert counts.close() == 0
    assert capsys.readouterr().out == "3 passed, 0 failed, 1 skipped\n"


def test_a_warning_in_the_log_is_a_failure(tmp_path, capsys):
    counts = Counts()
    counts.add_report(_report(tmp_path, passed=3), 0, "it")
    counts.add_log(["2026 WARNING"], "it")
    assert counts.close() == 1
    assert capsys.readouterr().out.endswith("3 passed, 1 failed, 0 skipped\n")


def test_a_run_that_breaks_is_a_failure(tmp_path):
    counts = Counts()
    counts.add_report(tmp_path / "none", 3, "it")
    assert counts.close() == 1


def test_no_test_is_a_failure(tmp_path):
    counts = Counts()
    counts.add_report(_report(tmp_path), 5, "it")
    assert counts.close() == 1


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_missing_browser_fails_in_ci_and_is_loud_elsewhere(tmp_path, monkeypatch, capsys, ci, status):
    monkeypatch.setenv("CI", ci)
    counts = Counts()
    counts.add_report(_report(tmp_path, passed=1, skipped=1, skip_reasons=["a: Chrome executable not found"]), 0, "it")
    assert counts.close() == status
    assert "SKIPPED because no browser" in capsys.readouterr().err


def test_a_taken_port_is_said_with_a_way_out():
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        with pytest.raises(DevError, match=r"is taken.*--port"):
            server.check_port(taken.getsockname()[1])


def test_the_socket_fits_whatever_the_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DEV", tmp_path / ("deep folder with spaces/" * 8))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/" + "x" * 90)
    assert len(str(paths.socket_folder() / ".s.PGSQL.5432").encode()) < 107


def test_a_comma_in_the_folder_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "DEV", tmp_path / "a,b")
    with pytest.raises(DevError, match="without ','"):
        paths.prepare()


def test_a_failing_program_says_its_last_words():
    with pytest.raises(DevError, match=r"Trying failed.*\n.*the reason"):
        proc.run([sys.executable, "-c", "import sys; sys.exit('the reason')"], what="Trying", log="test.log")
    with pytest.raises(DevError, match="disk is full"):
        proc.run(
            [sys.executable, "-c", "import sys; sys.exit('write: No space left on device')"],
            what="Trying",
            log="test.log",
        )
    with pytest.raises(DevError, match="not installed"):
        proc.run(["no-such-program"], what="Trying", log="test.log")


def test_the_last_user_knows_it(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "STATE", tmp_path)
    first, second = locks.Shared("x"), locks.Shared("x")
    assert not first.last_one()
    second.close()
    assert first.last_one()
    first.close()


def test_a_lock_keeps_others_out(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "STATE", tmp_path)
    with locks.exclusive("x", "testing"):
        code = subprocess.run(["flock", "-n", str(tmp_path / "x.lock"), "true"]).returncode
    assert code == 1


def test_a_damaged_wheel_is_refused(tmp_path):
    (tmp_path / "x.dist-info").mkdir()
    (tmp_path / "data.txt").write_text("good")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"good").digest()).rstrip(b"=").decode()
    (tmp_path / "x.dist-info" / "RECORD").write_text(f"data.txt,sha256={digest},4\nx.dist-info/RECORD,,\n")
    base._verify(tmp_path, "x")
    (tmp_path / "data.txt").write_text("bad")
    with pytest.raises(DevError, match="damaged"):
        base._verify(tmp_path, "x")


def test_an_unknown_data_set_lists_those_there_are():
    with pytest.raises(DevError, match="There is no data set nothing"):
        base.module("nothing")

"""``./dev`` as a user types it, with a real Odoo and PostgreSQL on the way."""

import os

import pytest

NAME = f"devtest_{os.getpid()}"


@pytest.fixture(scope="module")
def dev_module(tmp_path_factory):
    import subprocess
    import sys

    from devtools import paths

    def run(*arguments, stdin=""):
        command = [sys.executable, str(paths.ROOT / "dev"), *arguments]
        return subprocess.run(command, cwd=tmp_path_factory.getbasetemp(), input=stdin, capture_output=True, text=True)

    return run


@pytest.fixture(scope="module")
def name(dev_module):
    done = dev_module("db", NAME)
    assert done.returncode == 0, done.stderr
    yield NAME
    from devtools import database, postgres

    with postgres.use() as server:
        database.drop(server, NAME)


def test_help_needs_nothing(dev, tmp_path):
    done = dev("help", DEV_HOME=str(tmp_path / "none"))
    assert done.returncode == 0
    for command in (
        "run",
        "test",
        "db",
        "load",
        "shell",
        "psql",
        "bench",
        "lint",
        "screenshot",
        "reset",
        "build",
        "i18n",
    ):
        assert f"\n    {command}" in done.stdout
    assert not (tmp_path / "none" / "venv").exists()


def test_unknown_arguments_are_refused(dev):
    done = dev("stop", "everything")
    assert done.returncode == 1
    assert "doesn't know everything" in done.stderr


def test_a_bad_name_is_one_sentence(dev):
    done = dev("db", "a b")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_missing_database_says_how_to_make_it(dev):
    done = dev("shell", "-d", "no_such_database")
    assert done.returncode == 1
    assert "./dev db no_such_database" in done.stderr


def test_shell_commits(dev, name):
    done = dev("shell", "-d", name, stdin="env['res.partner'].create({'name': 'From the shell'})\nprint('made')\n")
    assert (done.returncode, done.stdout) == (0, "made\n"), done.stderr
    done = dev("psql", "-d", name, "-Atc", "SELECT count(*) FROM res_partner WHERE name = 'From the shell'")
    assert done.stdout == "1\n"


def test_shell_rolls_back_on_an_exception(dev, name):
    done = dev("shell", "-d", name, stdin="env['res.partner'].create({'name': 'Never'})\nenv.flush_all()\n1 / 0\n")
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    done = dev("psql", "-d", name, "-Atc", "SELECT count(*) FROM res_partner WHERE name = 'Never'")
    assert done.stdout == "0\n"


def test_shell_keeps_an_exit_status(dev, name):
    assert dev("shell", "-d", name, stdin="raise SystemExit(7)\n").returncode == 7


def test_every_addon_is_installed(dev, name):
    from devtools import addons

    done = dev("psql", "-d", name, "-Atc", "SELECT name FROM ir_module_module WHERE state = 'installed'")
    assert {addon.name for addon in addons.discover(demo=False)} <= set(done.stdout.split())


def test_a_copy_has_its_own_identity_and_no_demo_data(dev, name):
    done = dev("shell", "-d", name, stdin="print(env['ir.module.module'].search([('name', '=', 'base')]).demo)\n")
    assert done.stdout == "False\n"

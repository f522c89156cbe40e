"""Which addons there are, and what makes a template database stale."""

import pytest

from devtools import addons
from devtools.errors import DevError

MANIFEST = '{"name": "X", "version": "19.0.1.0.0", "depends": ["contacts"], "license": "LGPL-3"}'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("one", "one_demo"):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text(MANIFEST)
        (tmp_path / name / "models" / "a.py").write_text("x = 1\n")
    monkeypatch.setenv("DEV_ADDONS", str(tmp_path))
    return tmp_path


def test_demo_addons_only_with_demo(folder):
    assert [addon.name for addon in addons.discover(demo=False)] == ["one"]
    assert [addon.name for addon in addons.discover(demo=True)] == ["one", "one_demo"]


def test_what_an_installation_reads_changes_the_digest(folder):
    addon = addons.Addon(folder / "one")
    before = addon.digest()
    (folder / "one" / "models" / "a.py").write_text("x = 2\n")
    assert addon.digest() != before
    before = addon.digest()
    (folder / "one" / "models" / "b.py").write_text("")
    assert addon.digest() != before


@pytest.mark.parametrize(
    "name", ["tests/test_a.py", "static/src/a.js", "readme/USAGE.md", "i18n/one.pot", "models/__pycache__/a.pyc"]
)
def test_what_it_does_not_read_leaves_the_digest(folder, name):
    addon = addons.Addon(folder / "one")
    before = addon.digest()
    path = folder / "one" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert addon.digest() == before


def test_a_broken_manifest_is_named(folder):
    (folder / "one" / "__manifest__.py").write_text("{")
    with pytest.raises(DevError, match=r"one/__manifest__\.py"):
        addons.discover()


def test_an_unknown_dependency_is_named(folder):
    class Source:
        def has_addon(self, name):
            return False

    with pytest.raises(DevError, match="one depends on contacts"):
        addons.odoo_apps(addons.discover(), Source())


def test_a_folder_without_addons(tmp_path, monkeypatch):
    monkeypatch.setenv("DEV_ADDONS", str(tmp_path / "nothing"))
    with pytest.raises(DevError, match="no addon"):
        addons.discover()

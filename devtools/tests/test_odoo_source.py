"""Where Odoo comes from, and what is said when it can't be had."""

import pytest

from devtools import odoo_source
from devtools.errors import DevError


def _odoo(folder, version):
    (folder / "odoo" / "addons" / "base").mkdir(parents=True)
    (folder / "odoo" / "addons" / "base" / "__manifest__.py").write_text("{}")
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder


def test_odoo_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(_odoo(tmp_path, "(19, 0, 0, FINAL, 0, '')")))
    source = odoo_source.locate()
    assert source.home == tmp_path
    assert source.has_addon("base")
    assert not source.has_addon("sale")


def test_odoo_home_may_be_the_package_itself(tmp_path, monkeypatch):
    _odoo(tmp_path, "(19, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "odoo"))
    assert odoo_source.locate().home == tmp_path


@pytest.mark.parametrize("version", ["(18, 0, 0, FINAL, 0, '')", "('saas~18', 4, 0, FINAL, 0, '')"])
def test_another_version_is_refused(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_HOME", str(_odoo(tmp_path, version)))
    with pytest.raises(DevError, match=r"is Odoo 18\.\d, these addons need 19\.0"):
        odoo_source.locate()


def test_odoo_home_without_odoo(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(DevError, match=r"no odoo/release\.py"):
        odoo_source.locate()


def test_no_apt(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DevError, match=r"no apt-get.*Set ODOO_HOME"):
        odoo_source._mirror()


def test_the_main_archive_is_chosen(program):
    program("dpkg", "")
    program(
        "apt-get",
        """cat <<'END'
http://one.invalid/debian-security/|Debian-Security|Debian|main|Packages
http://one.invalid/other|Other|Other|main|Packages
http://two.invalid/debian/|Debian|Debian|contrib|Packages
http://two.invalid/debian/|Debian|Debian|main|Packages
END""",
    )
    assert odoo_source._mirror() == "http://two.invalid/debian/"


def test_before_the_first_update_nobody_signs(program):
    program("dpkg", "")
    program(
        "apt-get",
        "echo 'http://one.invalid/debian-security/|||main|Packages'; echo 'http://two.invalid/debian|||main|Packages'",
    )
    assert odoo_source._mirror() == "http://two.invalid/debian"


def test_a_machine_without_debian(program):
    program("dpkg", "")
    program("apt-get", "echo 'http://one.invalid/ubuntu/|Ubuntu|Ubuntu|main|Packages'")
    with pytest.raises(DevError, match=r"no Debian archive.*ODOO_HOME"):
        odoo_source._mirror()

"""Running Odoo's own command line with the configuration of this clone."""

import configparser
import os
import sys

from . import addons, odoo_source, paths, python_env


class Odoo:
    """Odoo with its Python, its folders and one PostgreSQL server."""

    def __init__(self, server, more_folders=()):
        self.server = server
        self.more_folders = more_folders
        self.source = odoo_source.locate()
        self.python = python_env.python()
        self.conf = self._write_conf()

    def _write_conf(self):
        parser = configparser.RawConfigParser()
        folders = [str(path) for path in (*self.source.addons_paths, *addons.folders(), *self.more_folders)]
        parser["options"] = {
            "addons_path": ",".join(folders),
            "data_dir": str(self.server.data),
            "db_user": self.server.user,
            "db_port": str(self.server.port),
            "db_maxconn": "48",
            "http_interface": "127.0.0.1",
            "max_cron_threads": "1",
            "admin_passwd": "admin",
            "screenshots": str(paths.LOGS / "screenshots"),
            # Tests and templates are slow on small machines: never cut them short.
            "limit_time_real": "3600",
            "limit_time_cpu": "3600",
        }
        if self.server.host:
            parser["options"]["db_host"] = str(self.server.host)
        # One file per set of folders, so that commands with different DEV_ADDONS don't take it from each other.
        conf = paths.STATE / f"odoo-{hash_of([*folders, str(self.server.data)]):x}.conf"
        part = conf.with_suffix(f".{os.getpid()}")
        with open(part, "w") as handle:
            parser.write(handle)
        os.replace(part, conf)
        return conf

    @property
    def env(self):
        """The environment of every process that imports Odoo."""
        env = dict(self.server.env)
        env["PYTHONPATH"] = os.pathsep.join([str(self.source.home), str(paths.ROOT)])
        env["PYTHONUNBUFFERED"] = "1"
        env["PATH"] = os.pathsep.join([str(self.python.parent), str(self.server.binaries), env.get("PATH", os.defpath)])
        # Odoo warns for every locale that the machine lacks; this one always exists.
        env.setdefault("LC_ALL", "C.UTF-8")
        for name in ("ODOO_RC", "OPENERP_SERVER", "PYTHONHOME"):
            env.pop(name, None)
        return env

    def command(self, *arguments, sub="server"):
        """The command line of ``odoo <sub>`` with this clone's configuration."""
        return [str(self.python), "-m", "odoo", sub, "-c", str(self.conf), *map(str, arguments)]

    def script(self, name, *arguments):
        """The command line of one of the scripts in ``devtools/inside``."""
        return [str(self.python), str(paths.INSIDE / name), *map(str, arguments)]


def hash_of(parts):
    """A number for a list of strings that is the same in every process."""
    import zlib

    return zlib.crc32("\0".join([*parts, sys.version]).encode())

"""Template databases in two levels, so that a fresh database takes seconds.

Level 1 has Odoo's apps that our addons depend on; it changes with Odoo and with that list. Level 2 is a copy
of it with our addons; it changes with every change of their code or data. Both are named after a hash of what
they were made from, are built under another name and renamed when they are complete, so a half-built one is
never used.
"""

import hashlib
import json
import os
import time
import zlib

from . import addons, database, locks, logcheck, paths, proc
from .errors import DevError

RECIPE = "6"
KEY = "crm_customer_db.dev.addons"
# The first one becomes the default of new contacts.
LANGUAGES_WITH_DEMO = "en_US,es_ES"


class Template:
    """The template for one flavour: with or without demo data."""

    def __init__(self, odoo, demo):
        self.odoo = odoo
        self.server = odoo.server
        self.demo = demo
        self.addons = addons.discover(demo)
        self.apps = addons.odoo_apps(self.addons, odoo.source)
        # Once: what is edited while Odoo installs counts as newer than the database.
        self.digests = {addon.name: addon.digest() for addon in self.addons}
        # Clones may share a server. Level 1 is the same for every DEV_ADDONS of a clone, level 2 is not.
        clone = zlib.crc32(f"{paths.DEV}\0".encode())
        others = os.environ.get("DEV_ADDONS", "")
        self.scope = f"s{zlib.crc32(others.encode()):08x}" if others else ""
        self.prefix = f"tpl_{clone:08x}_{'demo' if demo else 'bare'}"
        version = self.server.version
        first = _hash(RECIPE, odoo.source.identity, str(version), demo, *self.apps)
        second = _hash(first, *(f"{name} {digest}" for name, digest in self.digests.items()))
        self.first = f"{self.prefix}_1_{first}"
        self.second = f"{self.prefix}_2{self.scope}_{second}"

    @property
    def log(self):
        """The log of the installation of our addons."""
        return paths.LOGS / f"{self.second}.log"

    def ready(self):
        """Return the name of the level 2 template, building what is missing."""
        if not self._complete(self.second):
            with locks.exclusive(self.prefix, "it is building a template database"):
                if not self._complete(self.second):
                    self._build()
        return self.second

    def copy_to(self, name):
        """Replace the database ``name`` by a fresh one; the seconds it took are returned."""
        start = time.monotonic()
        database.sweep(self.server)
        self.ready()
        # The template may be replaced by another command between the check and the copy.
        with (
            locks.exclusive("databases", "it is making a database"),
            locks.exclusive(self.prefix, "it is building a template database"),
        ):
            if not self._complete(self.second):
                self._build()
            database.copy(self.server, self.second, name)
        database.make_own(self.server, name)
        self._remember(name)
        return time.monotonic() - start

    def outdated(self, name):
        """The installed addons whose code is newer than the database, and those that it doesn't have."""
        row = self.server.sql(f"SELECT value FROM ir_config_parameter WHERE key = {database.literal(KEY)}", name)
        installed = set(self.server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", name).split())
        known = json.loads(row) if row else {}
        changed = [
            addon.name
            for addon in self.addons
            if addon.name in installed and known.get(addon.name) != self.digests[addon.name]
        ]
        # A database that was made without demo data stays without.
        with_demo = self.server.sql("SELECT demo FROM ir_module_module WHERE name = 'base'", name) == "t"
        wanted = [addon for addon in self.addons if with_demo or not addon.is_demo]
        new = [addon.name for addon in wanted if addon.name not in installed]
        return changed, new

    def upgrade(self, name, changed, new):
        """Update and install addons in an existing database."""
        log = paths.LOGS / f"update-{name}.log"
        log.unlink(missing_ok=True)
        command = self.odoo.command(
            "-d", name, "--stop-after-init", "--no-http", "--max-cron-threads=0", f"--logfile={log}"
        )
        command += [f"-u{','.join(changed)}"] if changed else []
        command += [f"-i{','.join(new)}"] if new else []
        try:
            proc.run(command, what=f"Updating {name}", env=self.odoo.env, log=f"update-{name}.out")
        except DevError:
            raise DevError(
                f"Updating the database {name} failed (the whole log is {log}): correct the addon, or start afresh with "
                f"`./dev db {name} --demo`. Odoo says:\n{logcheck.show(logcheck.complaints(log)[-3:])}"
            ) from None
        found = logcheck.complaints(log)
        if found:
            proc.say(f"the update logged {len(found)} warnings or errors:\n{logcheck.show(found)}")
        self._remember(name)

    def _remember(self, name):
        # In the database itself, so that it stays true when the database is copied or replaced.
        value = database.literal(json.dumps(self.digests))
        self.server.sql(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ({database.literal(KEY)}, {value}) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            name,
        )

    def complaints(self):
        """Warnings and errors that the installation of our addons logged."""
        return logcheck.complaints(self.log)

    def _complete(self, name):
        return (self.server.filestore / name).is_dir() and database.exists(self.server, name)

    def _build(self):
        stale = database.names(self.server, f"{self.prefix}_2{self.scope}_")
        if not self.scope:
            # Another DEV_ADDONS may need another level 1; it is made again if so.
            stale += database.names(self.server, f"{self.prefix}_1_")
        for name in stale:
            if name not in (self.first, self.second):
                database.drop(self.server, name)
                for log in paths.LOGS.glob(f"{name}.*"):
                    log.unlink(missing_ok=True)
        part = f"{self.prefix}_part"
        flavour = " with demo data" if self.demo else ""
        if not self._complete(self.first):
            proc.say(
                f"installing Odoo's {', '.join(self.apps)}{flavour} into a template (again only when that list changes)…"
            )
            database.drop(self.server, self.first)
            database.drop(self.server, part)
            languages = ["--load-language", LANGUAGES_WITH_DEMO] if self.demo else []
            self._install(part, ["base", "web", *self.apps], self.first, *languages)
            self._finish(part, self.first)
        names = [addon.name for addon in self.addons]
        # Two years of orders, deliveries, invoices and payments through Odoo's own methods take a while.
        patience = "; the demo firm takes five to eight minutes" if any(addon.is_demo for addon in self.addons) else ""
        proc.say(f"installing {', '.join(names)}{flavour} into a template (again only when they change{patience})…")
        database.drop(self.server, self.second)
        database.copy(self.server, self.first, part)
        self._install(part, names, self.second)
        self._check_installed(part, names)
        proc.run(
            self.odoo.script("shell.py", self.odoo.conf, part, paths.INSIDE / "pregenerate.py"),
            what="Preparing the web pages",
            env=self.odoo.env,
            log=f"{self.second}.assets",
        )
        self._finish(part, self.second)
        found = self.complaints()
        if found:
            proc.say(
                f"the installation logged {len(found)} warnings or errors, which ./dev test counts as a failure:\n{logcheck.show(found)}"
            )

    def _install(self, name, modules, final, *options):
        log = paths.LOGS / f"{final}.log"
        log.unlink(missing_ok=True)
        command = self.odoo.command(
            "-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http", "--max-cron-threads=0",
            f"--logfile={log}", *(["--with-demo"] if self.demo else []), *options,
        )  # fmt: skip
        try:
            proc.run(command, what=f"Installing {', '.join(modules)}", env=self.odoo.env, log=f"{final}.out")
        except DevError:
            found = logcheck.complaints(log)
            if any("No space left on device" in entry for entry in found):
                raise DevError("The disk is full: free some space, then run the same command again.") from None
            if not found:
                raise
            raise DevError(
                f"Installing {', '.join(modules)} failed (the whole log is {log}); Odoo says:\n{logcheck.show(found[-3:])}"
            ) from None

    def _check_installed(self, name, wanted):
        installed = set(self.server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", name).split())
        missing = sorted(set(wanted) - installed)
        if missing:
            raise DevError(
                f"Odoo did not install {', '.join(missing)} and gave no error: see {self.log}, a missing dependency is the usual cause.\n{logcheck.show(self.complaints())}"
            )

    def _finish(self, part, final):
        # Copies are used at once, long before autovacuum would count what a firm of two years has written.
        self.server.sql("ANALYZE", part)
        database.rename(self.server, part, final)
        self.server.sql(f"ALTER DATABASE {database.identifier(final)} ALLOW_CONNECTIONS false")


def _hash(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]

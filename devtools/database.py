"""Databases with their filestores: copying, dropping, listing."""

import os
import re
import shutil

from .errors import DevError

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
_PASSING = re.compile(r"^(?:test|demotest|bench|life|i18n|devtest)_(\d+)$")
RESERVED = ("postgres", "template0", "template1")


def check_name(name):
    """Refuse names that PostgreSQL, Odoo or a shell would trip over."""
    if not _NAME.match(name) or name in RESERVED or name.startswith("tpl_"):
        raise DevError(
            f"{name!r} can't be the name of a database: use letters, digits, dots, dashes and underscores, and not tpl_… or postgres."
        )
    return name


def exists(server, name):
    """Is there a database of that name?"""
    return server.sql(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)}") == "1"


def names(server, prefix=""):
    """The databases whose name starts with ``prefix``."""
    rows = server.sql(f"SELECT datname FROM pg_database WHERE starts_with(datname, {literal(prefix)}) ORDER BY 1")
    return rows.split()


def need(server, name):
    """:class:`DevError` unless the database is there."""
    if not exists(server, check_name(name)):
        raise DevError(f"There is no database {name}: `./dev db {name}` makes it.")


def drop(server, name):
    """Delete a database, who ever is connected, and its filestore."""
    server.sql(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE)")
    shutil.rmtree(server.filestore / name, ignore_errors=True)


def copy(server, source, target):
    """Replace ``target`` by a copy of ``source``; both databases and filestores."""
    drop(server, target)
    # FILE_COPY is several times faster than writing every page through the log (the default since 15).
    strategy = " STRATEGY FILE_COPY" if server.version >= 15 else ""
    server.sql(f"CREATE DATABASE {identifier(target)} TEMPLATE {identifier(source)}{strategy}")
    origin = server.filestore / source
    if origin.is_dir():
        shutil.copytree(origin, server.filestore / target, copy_function=_link, dirs_exist_ok=True)


def make_own(server, name):
    """Give a copied database its own identity, as Odoo does when it duplicates one."""
    server.sql(
        "UPDATE ir_config_parameter SET value = gen_random_uuid()::text WHERE key IN ('database.uuid', 'database.secret')",
        name,
    )


def passing(kind):
    """A name for a database that only lives as long as this command."""
    return f"{kind}_{os.getpid()}"


def sweep(server):
    """Drop the passing databases of commands that were killed before they could."""
    for name in names(server):
        found = _PASSING.match(name)
        if found and not os.path.exists(f"/proc/{found[1]}") and (server.filestore / name).is_dir():
            drop(server, name)


def rename(server, old, new):
    """Give a finished database its final name: what has it is complete."""
    (server.filestore / old).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(server.filestore / new, ignore_errors=True)
    os.replace(server.filestore / old, server.filestore / new)
    server.sql(f"ALTER DATABASE {identifier(old)} RENAME TO {identifier(new)}")


def _link(source, target):
    # Odoo names the files of its filestore after their content and never writes into one twice: a hard link is a copy.
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def literal(text):
    """A string as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name):
    """A name as an SQL identifier."""
    return '"' + str(name).replace('"', '""') + '"'

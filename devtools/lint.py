"""``dev lint``: every linter, all of them even when one complains."""

import os
import subprocess

from . import addons, build, i18n, node_env, paths, proc, python_env
from .errors import DevError

PYTHON_FOLDERS = ("devtools", "benchmarks", "dev")
PRETTY = "xml,js,mjs,scss,css,yml,yaml,json"
# Not formatted by prettier: data that Odoo or a tool writes.
NAMES = ("ruff", "pylint", "oca", "prettier", "eslint", "i18n", "house")
# Addresses and folders of one machine or one network have no place in a public repository.
FORBIDDEN = ("/root/", "/home/", f"{paths.ROOT}/")


def lint(only="", fix=False):
    """Run the linters and return 1 when one of them complains."""
    chosen = [name for name in only.split(",") if name] or list(NAMES)
    unknown = sorted(set(chosen) - set(NAMES))
    if unknown:
        raise DevError(f"There is no linter {', '.join(unknown)}: choose among {', '.join(NAMES)}.")
    found = addons.discover()
    failed = []
    for name in chosen:
        proc.say(f"lint: {name}")
        if globals()[f"_{name}"](found, fix):
            failed.append(name)
    if failed:
        proc.say(
            f"lint: {', '.join(failed)} complained" + ("" if fix else "; `./dev lint --fix` repairs what a program can")
        )
        return 1
    proc.say("lint: clean")
    return 0


def _call(*command, env=None):
    return subprocess.run([str(part) for part in command], cwd=paths.ROOT, env=env).returncode


def _tool(name):
    return python_env.lint_python().parent / name


def _python_targets(found):
    return [addon.path for addon in found] + [
        paths.ROOT / name for name in PYTHON_FOLDERS if (paths.ROOT / name).exists()
    ]


def _ruff(found, fix):
    ruff = [_tool("ruff")]
    targets = _python_targets(found)
    cache = ["--cache-dir", paths.STATE / "ruff"]
    code = _call(*ruff, "check", *cache, *(["--fix"] if fix else []), *targets)
    return code | _call(*ruff, "format", *cache, *([] if fix else ["--check"]), *targets)


def _pylint(found, fix):
    env = dict(os.environ, PYLINTHOME=str(paths.STATE / "pylint"))
    return _call(
        python_env.lint_python(),
        "-m",
        "pylint",
        "--rcfile",
        paths.ROOT / ".pylintrc",
        *(addon.path for addon in found),
        env=env,
    )


def _oca(found, fix):
    manifests = [addon.path / "__manifest__.py" for addon in found]
    config = ["--config", paths.ROOT / ".oca_hooks.cfg"]
    code = _call(_tool("oca-checks-odoo-module"), *config, *(["--fix"] if fix else []), *manifests)
    files = [file for addon in found for file in sorted(addon.path.glob("i18n/*.po*"))]
    return code | (_call(_tool("oca-checks-po"), *config, *files) if files else 0)


def _prettier(found, fix):
    modules = node_env.modules()
    folders = [addon.path for addon in found]
    patterns = [f"{os.path.relpath(folder, paths.ROOT)}/**/*.{{{PRETTY}}}" for folder in folders]
    return _call(
        node_env.node(),
        modules / "prettier" / "bin" / "prettier.cjs",
        f"--plugin={modules / '@prettier' / 'plugin-xml' / 'src' / 'plugin.js'}",
        "--no-error-on-unmatched-pattern",
        "--log-level=warn",
        "--write" if fix else "--check",
        *patterns,
        ".pre-commit-config.yaml",
        "eslint.config.mjs",
        env=node_env.environment(),
    )


def _eslint(found, fix):
    eslint = node_env.modules() / "eslint" / "bin" / "eslint.js"
    folders = [os.path.relpath(addon.path, paths.ROOT) for addon in found]
    options = [
        "--config",
        "eslint.config.mjs",
        "--no-error-on-unmatched-pattern",
        "--max-warnings=0",
        *(["--fix"] if fix else []),
    ]
    return _call(node_env.node(), eslint, *options, "eslint.config.mjs", *folders, env=node_env.environment())


def _i18n(found, fix):
    if fix:
        i18n.i18n()
    return i18n.i18n(check=True)


def _house(found, fix):
    """Every addon can be built, and no file that git keeps names a folder of somebody's machine."""
    bad = 0
    for addon in found:
        if fix:
            build.ensure_pyproject(addon)
        elif not (addon.path / "pyproject.toml").is_file():
            print(f"{addon.name}: has no pyproject.toml; ./dev lint --fix writes it")
            bad = 1
    files = proc.output(["git", "-C", paths.ROOT, "ls-files", "-z"], what="Listing the files of the repository").split(
        "\0"
    )
    for name in filter(None, files):
        path = paths.ROOT / name
        if name == "devtools/lint.py" or not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_bytes()
        for word in FORBIDDEN:
            if word.encode() in text:
                print(f"{name}: contains {word}, a folder of somebody's machine")
                bad = 1
    return bad

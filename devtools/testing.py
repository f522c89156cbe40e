"""``dev test``: all tests on a fresh database, and a log without warnings."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess

from . import addons, database, logcheck, paths, postgres, proc, run
from .errors import DevError
from .odoo import Odoo
from .template import Template

# The names under which Odoo looks for a browser, in its order.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
_NO_BROWSER = re.compile(r"[Cc]hrome|chromium|websocket-client")
_RESULT = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
_SKIPPED = re.compile(r" INFO \S+ odoo\.\S+: skipped (.*)")


class Counts:
    """How many tests passed, failed and were skipped, and why."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.reasons = []
        self.problems = []

    def add_report(self, path, code, what):
        """Add a pytest run from the JSON that our plugin wrote."""
        if not path.is_file():
            self.failed += 1
            self.problems.append(f"{what} ended with exit {code} before it could report")
            return
        report = json.loads(path.read_text())
        path.unlink()
        self.passed += report["passed"]
        self.failed += report["failed"]
        self.skipped += report["skipped"]
        self.reasons += report["skip_reasons"]
        # Exit 5 means that no test was selected: a problem for all of them together, not for one part.
        if code not in (0, 5) and not report["failed"]:
            self.failed += 1
            self.problems.append(f"{what} ended with exit {code} though no test failed")

    def add_log(self, found, what):
        """Count warnings in a log as one failure."""
        if found:
            self.failed += 1
            self.problems.append(f"{what} logged {len(found)} warnings or errors:\n{logcheck.show(found)}")

    def close(self):
        """Print problems and the closing line; return the exit status."""
        browserless = [reason for reason in self.reasons if _NO_BROWSER.search(reason)]
        if browserless:
            text = f"{len(browserless)} browser tests were SKIPPED because no browser could be started: install chromium (apt-get install chromium)"
            if os.environ.get("CI") == "true":
                self.failed += 1
                self.problems.append(text)
            else:
                proc.say("!" * 100 + f"\n{text}\n" + "!" * 100)
        if not self.passed and not self.failed:
            self.failed += 1
            self.problems.append("no test ran: an addon's tests are its files tests/test_*.py")
        for problem in self.problems:
            proc.say(f"FAILED: {problem}")
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0


def test(arguments, runner="pytest", tags="", demo=False, keep=False, on=""):
    """Run the tests of the named addons (all by default); other arguments go to pytest."""
    every = {addon.name: addon for addon in addons.discover()}
    plain = [argument.rstrip("/") for argument in arguments]
    chosen = [every[name] for name in plain if name in every]
    own = "devtools" in plain
    extra = [
        argument for argument in arguments if argument.rstrip("/") not in every and argument.rstrip("/") != "devtools"
    ]
    # A path to a test file is the whole selection; options such as -k apply to every addon.
    has_path = any(not argument.startswith("-") and os.path.exists(argument.split("::")[0]) for argument in extra)
    if not chosen and not own and not has_path:
        chosen = list(every.values())
        own = not tags and not extra
    counts = Counts()
    if own and runner == "pytest":
        _own_tests(counts, extra)
    if demo:
        plain, with_demo = [], chosen
    else:
        # Demo addons are only installed with demo data. Their tests take a database of their own, which takes
        # minutes to make the first time: when they are asked for by name, and in CI.
        plain = [addon for addon in chosen if not addon.is_demo]
        with_demo = [addon for addon in chosen if addon.is_demo and (addon.path / "tests").is_dir()]
        if with_demo and len(with_demo) < len(chosen) and os.environ.get("CI") != "true":
            names = " ".join(addon.name for addon in with_demo)
            proc.say(f"not run: the tests of the demo data (./dev test {names})")
            with_demo = []
    if plain or with_demo or has_path:
        _prepare_browser()
        with postgres.use() as server:
            odoo = Odoo(server)
            job = _Job(odoo, runner, extra, tags, keep, counts, on)
            if plain or (has_path and not demo):
                job.run(plain, demo=False)
            if with_demo or (has_path and demo):
                job.run(with_demo, demo=True)
    return counts.close()


class _Job:
    """One kind of run, on a fresh database per flavour."""

    def __init__(self, odoo, runner, extra, tags, keep, counts, on=""):
        self.odoo = odoo
        self.runner = runner
        self.extra = extra
        self.tags = tags
        self.keep = keep
        self.counts = counts
        self.on = on

    def run(self, chosen, demo):
        """Run the tests of the chosen addons."""
        template = Template(self.odoo, demo)
        if self.on:
            # Quicker while one works on an addon: an update instead of a template and a copy of it.
            run.update(template, self.on)
            self._runner()(self.on, chosen)
            return
        kind = "demotest" if demo else "test"
        name = f"{kind}_kept" if self.keep else database.passing(kind)
        flavour = " with demo data" if demo else ""
        proc.say(f"a fresh database{flavour} in {template.copy_to(name):.1f} s")
        try:
            self.counts.add_log(template.complaints(), "the installation of the addons")
            self._runner()(name, chosen)
        finally:
            if self.keep:
                proc.say(f"kept the database {name}")
            else:
                database.drop(self.odoo.server, name)

    def _runner(self):
        return self._odoo if self.runner == "odoo" else self._pytest

    def _pytest(self, name, chosen):
        report = paths.STATE / f"report-{os.getpid()}.json"
        log = paths.LOGS / f"{name}.log"
        log.unlink(missing_ok=True)
        env = dict(
            self.odoo.env,
            DEV_TEST_REPORT=str(report),
            DEV_TEST_TAGS=self.tags,
            HYPOTHESIS_STORAGE_DIRECTORY=str(paths.STATE / "hypothesis"),
        )
        env["PYTHONPATH"] += os.pathsep + str(paths.INSIDE)
        folders = [addon.path / "tests" for addon in chosen if (addon.path / "tests").is_dir()]
        if not folders and not any(not argument.startswith("-") for argument in self.extra):
            self.counts.problems.append(f"there are no tests in {', '.join(addon.name for addon in chosen)}")
            self.counts.failed += 1
            return
        command = [
            self.odoo.python, "-m", "pytest", "-p", "pytest_report", "-c", paths.ROOT / "pyproject.toml",
            f"--odoo-config={self.odoo.conf}", f"--odoo-database={name}", "--odoo-http", "--odoo-log-level=warn",
            f"--odoo-extra=logfile={log}", "--odoo-extra=max-cron-threads=0", f"--odoo-extra=db-filter=^{name}$",
            *folders, *self.extra,
        ]  # fmt: skip
        code = subprocess.run([str(part) for part in command], env=env).returncode
        self.counts.add_report(report, code, "the test run of the addons")
        self.counts.add_log(logcheck.complaints(log), "the test run")

    def _odoo(self, name, chosen):
        log = paths.LOGS / f"{name}.log"
        log.unlink(missing_ok=True)
        spec = self.tags or ",".join(f"/{addon.name}" for addon in chosen)
        # Neither -i nor -u: on installed modules -i runs no test, and -u would leave out those of other modules.
        command = self.odoo.command(
            "-d", name, f"--test-tags={spec}", "--stop-after-init", "--max-cron-threads=0", f"--http-port={free_port()}",
            f"--logfile={log}", f"--db-filter=^{name}$",
        )  # fmt: skip
        proc.say(f"Odoo's own runner with --test-tags={spec}; the log is {log}")
        code = subprocess.run(command, env=self.odoo.env).returncode
        text = log.read_text(errors="replace") if log.is_file() else ""
        results = _RESULT.findall(text)
        if not results:
            raise DevError(f"Odoo's test runner ended with exit {code} and gave no result: see {log}.")
        failures, errors, total = (int(part) for part in results[-1])
        reasons = _SKIPPED.findall(text)
        self.counts.failed += failures + errors
        self.counts.skipped += len(reasons)
        self.counts.reasons += reasons
        self.counts.passed += total - failures - errors - len(reasons)
        if code and not failures + errors:
            self.counts.failed += 1
            self.counts.problems.append(f"Odoo's test runner ended with exit {code}")
        self.counts.add_log(logcheck.complaints(log), "the test run")


def _prepare_browser():
    """Start and end the browser once: its very first start on a machine can take longer than Odoo waits."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--dump-dom",
            "about:blank",
        ]
        profile = f"--user-data-dir={paths.STATE / f'warm-browser-{os.getpid()}'}"
        with contextlib.suppress(subprocess.TimeoutExpired, OSError):
            subprocess.run([*command, profile], capture_output=True, stdin=subprocess.DEVNULL, timeout=90)
        shutil.rmtree(paths.STATE / f"warm-browser-{os.getpid()}", ignore_errors=True)
    else:
        proc.say("!" * 100)
        proc.say(
            "there is no Chromium on this machine, so tests in a browser will be SKIPPED: apt-get install chromium"
        )
        proc.say("!" * 100)


def _own_tests(counts, extra):
    from . import python_env

    report = paths.STATE / f"report-{os.getpid()}-own.json"
    env = dict(
        os.environ, DEV_TEST_REPORT=str(report), PYTHONPATH=os.pathsep.join([str(paths.ROOT), str(paths.INSIDE)])
    )
    command = [
        python_env.python(),
        "-m",
        "pytest",
        "-p",
        "no:odoo",
        "-p",
        "pytest_report",
        "-c",
        paths.ROOT / "pyproject.toml",
        "-q",
        paths.ROOT / "devtools" / "tests",
        *extra,
    ]
    code = subprocess.run([str(part) for part in command], env=env).returncode
    counts.add_report(report, code, "the test run of devtools")


def free_port():
    """A port on this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

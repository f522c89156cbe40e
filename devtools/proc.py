"""Running programs: quiet when they work, their last words in one sentence when they don't."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys

from . import paths
from .errors import DevError


def say(text):
    """Tell the person at the terminal; standard output is kept for results."""
    print(f"dev: {text}", file=sys.stderr, flush=True)


def run(command, *, what, hint="", log=None, env=None, cwd=None, accept=(0,)):
    """Run a program with its output in a log file; :class:`DevError` with the last lines when it fails."""
    command = [str(part) for part in command]
    log = paths.LOGS / (log or "dev.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(log, "wb") as out:
            code = subprocess.run(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env, cwd=cwd
            ).returncode
    except FileNotFoundError as error:
        raise DevError(f"{what} failed: the program {command[0]} is not installed. {hint}".strip()) from error
    if code not in accept:
        text = log.read_text(errors="replace")
        _explain_full_disk(what, text)
        tail = "\n".join("    " + line for line in text.strip().splitlines()[-15:])
        raise DevError(f"{what} failed (exit {code}; all of it is in {log}). {hint}\n{tail}".replace(" \n", "\n"))
    return code


def output(command, *, what, hint="", env=None, stdin=None):
    """What a program prints on standard output, or a :class:`DevError` with what it complained about."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env, input=stdin or "")
    except FileNotFoundError as error:
        raise DevError(f"{what} failed: the program {command[0]} is not installed. {hint}".strip()) from error
    if done.returncode:
        complaint = (done.stderr.strip() or done.stdout.strip()).splitlines()
        _explain_full_disk(what, done.stderr)
        raise DevError(f"{what} failed: {' '.join(complaint[-3:])} {hint}".strip())
    return done.stdout


def _explain_full_disk(what, text):
    # On a full disk the reason itself may not fit into the log any more.
    if "No space left on device" in text or shutil.disk_usage(paths.DEV).free < 16 * 2**20:
        raise DevError(f"{what} failed because the disk is full: free some space, then run the same command again.")


def die_with_parent():
    """For ``preexec_fn``: the kernel ends the child when ``dev`` itself is killed without a chance to clean up."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def stop(process, seconds=10):
    """End a child that leads its own session: ask first, insist later."""
    if process.poll() is not None:
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue

"""Lock files: two ``dev`` commands at the same time must not fetch, build or drop the same thing."""

import contextlib
import fcntl
import sys

from . import paths


def _open(name):
    paths.STATE.mkdir(parents=True, exist_ok=True)
    return open(paths.STATE / f"{name}.lock", "a")


@contextlib.contextmanager
def exclusive(name, what):
    """Hold the lock ``name``; say what is waited for when another command holds it."""
    with _open(name) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"dev: waiting for another dev command: {what}", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Shared:
    """A shared lock kept until :meth:`close`: it counts the users of something."""

    def __init__(self, name):
        self._handle = _open(name)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def close(self):
        """Give the lock back."""
        self._handle.close()

    def last_one(self):
        """Is nobody else holding it? Then the lock is exclusive from now on."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

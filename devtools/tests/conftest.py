"""Tests of ``dev`` itself: without Odoo where possible, in folders of their own."""

import os
import subprocess
import sys

import pytest

from devtools import paths


@pytest.fixture
def dev(tmp_path):
    """Run ``./dev`` as a user does, from another folder."""

    def run(*arguments, stdin="", **environment):
        env = {**os.environ, **environment}
        env = {key: value for key, value in env.items() if value is not None}
        command = [sys.executable, str(paths.ROOT / "dev"), *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, input=stdin, capture_output=True, text=True)

    return run


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program in front of those of the machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name, script):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return write

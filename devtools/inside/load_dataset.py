"""Load a public data set; run inside ``shell.py``: ``load_dataset.py NAME FOLDER [OPTION…]``."""

import argparse
import sys
import time

from devtools.datasets import base

name, folder, *rest = sys.argv[1:]
dataset = base.module(name)
parser = argparse.ArgumentParser(prog=f"./dev load {name} -d NAME")
if hasattr(dataset, "add_arguments"):
    dataset.add_arguments(parser)
options = parser.parse_args(rest)
start = time.monotonic()
result = dataset.load(env, base.Path(folder), options)  # noqa: F821  (shell.py defines env)
if isinstance(result, dict):
    result = ", ".join(f"{value} {key}" for key, value in result.items())
print(f"{name}: {result or 'loaded'} ({time.monotonic() - start:.1f} s)")

"""What must stay fast, measured as ratios in one run.

Run by ``./dev bench [--customers N] [--lines M]`` in an Odoo of its own, on a fresh
database. Each ``bench_*.py`` beside this file has a function ``run(bench)`` that yields
``Measure``s; a new benchmark is a new file. Times are medians of repetitions that
alternate between the two sides, after one that warms up both.
"""

import argparse
import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
# Addons of others that ``./dev bench`` installs for the benchmarks that need them.
RIVALS = ("account_financial_risk",)
sys.path.insert(0, str(HERE))

from harness import Bench  # noqa: E402


def main(env, arguments):
    """Generate the data, run the benchmarks, print a line for each.

    :param env: environment of a superuser on a database that may be spoilt
    :param arguments: list of str
    :return: exit status: with ``--check`` 1 when a goal is missed
    """
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--only", default="", help="names of benchmarks, with commas between")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")
    options = parser.parse_args(arguments)
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    if options.only:
        wanted = {f"bench_{name}" for name in options.only.split(",")}
        if unknown := wanted - set(names):
            parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
        names = [name for name in names if name in wanted]
    names = [name for name in names if _needs(env, name)]
    if not names:
        return 0
    bench = Bench(env, options)
    start = time.monotonic()
    bench.generate()
    print(
        f"{options.customers} customers, {options.lines} purchased lines,"
        f" PostgreSQL {env.cr._cnx.server_version // 10000}, generated in"
        f" {time.monotonic() - start:.0f} s"
    )
    missed = 0
    for name in names:
        for measure in importlib.import_module(name).run(bench):
            print(measure.line(), flush=True)
            missed += not measure.reached
    print(f"{missed} goals missed" if missed else "all goals reached")
    return 1 if missed and options.check else 0


def _needs(env, name):
    """Whether a benchmark belongs into this database: those that compare with another addon have one with it."""
    compared = env["ir.module.module"].search([("name", "in", list(RIVALS)), ("state", "=", "installed")])
    return set(getattr(importlib.import_module(name), "NEEDS", ())) == set(compared.mapped("name"))


if __name__ == "__main__":
    sys.exit(main(env, sys.argv[1:]))  # noqa: F821  (the shell of ./dev defines env)

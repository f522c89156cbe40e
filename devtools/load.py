"""``dev load`` and ``dev bench``: scripts of this repository that run inside Odoo."""

from . import database, paths, postgres, proc, python_env, shell
from .datasets import base
from .errors import DevError
from .odoo import Odoo
from .template import Template

# What benchmarks compare with: never part of the product, nor of its tests.
RIVALS = ("account_financial_risk",)
RIVAL_PACKAGES = ("odoo-addon-account-financial-risk==19.0.1.0.0.6",)


def load(dataset, name, arguments):
    """Load a public data set into a database; loading it twice changes nothing."""
    base.module(dataset)
    with postgres.use() as server:
        database.need(server, name)
        return load_into(Odoo(server), dataset, name, arguments)


def load_into(odoo, dataset, name, arguments):
    """The same with an Odoo at hand."""
    module = base.module(dataset)
    folder = base.fetch(module.PACKAGE, module.VERSION, module.SHA256)
    return shell.run_inside(odoo, name, paths.INSIDE / "load_dataset.py", dataset, folder, *arguments)


def bench(arguments, keep=False):
    """Run ``benchmarks/run.py`` on a fresh database; its options pass through."""
    script = paths.ROOT / "benchmarks" / "run.py"
    if not script.is_file():
        raise DevError("There is no benchmarks/run.py in this repository yet, so there is nothing to measure.")
    with postgres.use() as server:
        own = Odoo(server)
        worst = _bench_in(own, Template(own, demo=False), script, arguments, keep)
        if any("only" in argument for argument in arguments) and "credit" not in " ".join(arguments):
            return worst
        compared = Odoo(server, [_rival_folder()])
        return max(worst, _bench_in(compared, Template(own, demo=False), script, arguments, keep, RIVALS))


def _bench_in(odoo, template, script, arguments, keep, rivals=()):
    """Run the benchmarks that belong into a database with these addons of others."""
    name = ("bench_rivals_kept" if rivals else "bench_kept") if keep else database.passing("bench")
    template.copy_to(name)
    try:
        if rivals:
            command = odoo.command(
                *("-d", name, "-i", ",".join(rivals), "--stop-after-init", "--no-http", "--max-cron-threads=0")
            )
            proc.run(command, what=f"Installing {', '.join(rivals)}", env=odoo.env, log="bench_rivals.log")
        return shell.run_inside(odoo, name, script, *arguments)
    finally:
        if keep:
            proc.say(f"kept the database {name}")
        else:
            database.drop(odoo.server, name)


def _rival_folder():
    """The folder of the addons of others, from the package index."""
    folder = paths.STATE / "bench_addons"
    python_env.install_into(folder, RIVAL_PACKAGES)
    return folder / "odoo" / "addons"

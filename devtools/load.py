"""``dev load`` and ``dev bench``: scripts of this repository that run inside Odoo."""

from . import database, paths, postgres, proc, shell
from .datasets import base
from .errors import DevError
from .odoo import Odoo
from .template import Template


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
    name = "bench_kept" if keep else database.passing("bench")
    with postgres.use() as server:
        odoo = Odoo(server)
        Template(odoo, demo=False).copy_to(name)
        try:
            return shell.run_inside(odoo, name, script, *arguments)
        finally:
            if keep:
                proc.say(f"kept the database {name}")
            else:
                database.drop(server, name)

"""The command line of ``./dev``."""

import argparse
import errno
import signal
import sys

from . import paths, screenshot
from .errors import DevError

ENVIRONMENT = """\
environment:
  ODOO_HOME               an Odoo 19 that is already there, instead of Debian's
  PGHOST PGPORT PGUSER PGPASSWORD
                          a PostgreSQL (13 or newer) that is already there, instead of the embedded one
  DEV_HOME                where everything is installed and kept (.dev)
  DEV_ADDONS              folders with addons, instead of this repository
  CI=true                 a browser test that finds no browser is a failure
"""


def _parser():
    parser = argparse.ArgumentParser(
        prog="./dev",
        description="Everything a developer of this repository does. Two commands matter: ./dev run and ./dev test.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    command = commands.add_parser("run", help="start PostgreSQL and Odoo with demo data and print the address")
    command.add_argument("--port", type=int, default=8069)
    command.add_argument("-d", dest="name", default="customers", metavar="NAME", help="the database (customers)")
    command.set_defaults(call=_run)

    command = commands.add_parser(
        "test", help="run the tests on a fresh database; names of addons and arguments of pytest may follow"
    )
    command.add_argument("--runner", choices=("pytest", "odoo"), default="pytest")
    command.add_argument("--tags", default="", help="Odoo test tags, for either runner")
    command.add_argument("--demo", action="store_true", help="on a database with demo data and the *_demo addons")
    command.add_argument("--keep", action="store_true", help="keep the test database")
    command.add_argument("--on", default="", metavar="NAME", help="on a database that exists, brought up to date first")
    command.set_defaults(call=_test)

    command = commands.add_parser("db", help="a fresh database with every addon, replacing one of that name")
    command.add_argument("name")
    command.add_argument("--demo", action="store_true", help="with Odoo's demo data and the *_demo addons")
    command.add_argument("--strict", action="store_true", help="exit 1 when the installation logged a warning")
    command.set_defaults(call=_db)

    command = commands.add_parser("update", help="bring a database up to the code of the addons, keeping its data")
    command.add_argument("name")
    command.set_defaults(call=_update)

    command = commands.add_parser("drop", help="delete databases with their files")
    command.add_argument("names", nargs="+", metavar="NAME")
    command.set_defaults(call=_drop)

    command = commands.add_parser("shell", help="Python from standard input with env; exit 1 on an exception")
    command.add_argument("-d", dest="name", required=True, metavar="NAME")
    command.set_defaults(call=_shell)

    command = commands.add_parser("psql", help="psql on a database; its own arguments may follow")
    command.add_argument("-d", dest="name", required=True, metavar="NAME")
    command.set_defaults(call=_psql)

    command = commands.add_parser("load", help="load a public data set into a database; its own options may follow")
    command.add_argument("dataset")
    command.add_argument("-d", dest="name", required=True, metavar="NAME")
    command.set_defaults(call=_load)

    command = commands.add_parser("bench", help="measure the ratios of the README (--customers N --lines M)")
    command.add_argument("--keep", action="store_true", help="keep the database")
    command.set_defaults(call=_bench)

    command = commands.add_parser("screenshot", help="write a picture of a page as a user sees it")
    screenshot.add_arguments(command)
    command.set_defaults(call=_screenshot)

    command = commands.add_parser("i18n", help="export the translatable strings and merge them into the translations")
    command.add_argument("--check", action="store_true", help="only say what is stale or not translated")
    command.add_argument("--demo", action="store_true", help="those of the *_demo addons instead of the others")
    command.set_defaults(call=_i18n)

    command = commands.add_parser("lint", help="every linter; --fix repairs what a program can")
    command.add_argument(
        "--only", default="", metavar="NAME,…", help="some of ruff, pylint, oca, prettier, eslint, i18n, house"
    )
    command.add_argument("--fix", action="store_true")
    command.set_defaults(call=_lint)

    command = commands.add_parser("lifecycle", help="uninstall every addon, look for leftovers, install them again")
    command.set_defaults(call=_lifecycle)

    command = commands.add_parser("build", help="a wheel of every addon in dist/")
    command.add_argument(
        "--check", action="store_true", help="also install each wheel beside Odoo and look whether it is found"
    )
    command.set_defaults(call=_build)

    command = commands.add_parser("stop", help="stop the servers of this clone")
    command.set_defaults(call=_stop)

    command = commands.add_parser(
        "reset", help="delete the databases of this clone (--all: everything that was fetched, too)"
    )
    command.add_argument("--all", action="store_true")
    command.set_defaults(call=_reset)

    command = commands.add_parser("help", help="this list")
    command.set_defaults(call=lambda options, rest: parser.print_help())
    return parser


def _test(options, rest):
    from . import testing

    return testing.test(
        rest, runner=options.runner, tags=options.tags, demo=options.demo, keep=options.keep, on=options.on
    )


def _db(options, rest):
    from . import database, logcheck, postgres
    from .odoo import Odoo
    from .template import Template

    database.check_name(options.name)
    with postgres.use() as server:
        template = Template(Odoo(server), options.demo)
        seconds = template.copy_to(options.name)
    print(f"{options.name} is ready ({seconds:.1f} s)")
    found = template.complaints()
    if found and options.strict:
        raise DevError(
            f"the installation of the addons logged {len(found)} warnings or errors:\n{logcheck.show(found)}"
        )


def _update(options, rest):
    from . import database, postgres, run
    from .odoo import Odoo
    from .template import Template

    with postgres.use() as server:
        database.need(server, options.name)
        run.update(Template(Odoo(server), demo=True), options.name)


def _drop(options, rest):
    from . import database, postgres

    with postgres.use() as server:
        for name in options.names:
            database.need(server, name)
            database.drop(server, name)


def _shell(options, rest):
    from . import shell

    return shell.shell(options.name)


def _psql(options, rest):
    from . import shell

    return shell.psql(options.name, rest)


def _run(options, rest):
    from . import run

    return run.run(options.name, options.port)


def _load(options, rest):
    from . import load

    return load.load(options.dataset, options.name, rest)


def _bench(options, rest):
    from . import load

    return load.bench(rest, keep=options.keep)


def _screenshot(options, rest):
    return screenshot.screenshot(options)


def _i18n(options, rest):
    from . import i18n

    return i18n.i18n(check=options.check, demo=options.demo)


def _lint(options, rest):
    from . import lint

    return lint.lint(options.only, options.fix)


def _lifecycle(options, rest):
    from . import lifecycle

    return lifecycle.lifecycle()


def _build(options, rest):
    from . import build

    return build.build(check=options.check)


def _stop(options, rest):
    from . import reset

    return reset.stop()


def _reset(options, rest):
    from . import reset

    return reset.reset(everything=options.all)


def _interrupt(number, frame):
    # The same way out as Ctrl-C: children and PostgreSQL are stopped on the way.
    raise KeyboardInterrupt


PASS_ON = ("test", "psql", "load", "bench")


def main(arguments):
    """Run one command; failures that a person can do something about are one sentence."""
    options, rest = _parser().parse_known_args(arguments or ["help"])
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        if rest and options.command not in PASS_ON:
            raise DevError(
                f"./dev {options.command} doesn't know {' '.join(rest)}: see ./dev {options.command} --help."
            )
        paths.prepare()
        return options.call(options, rest) or 0
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("dev: the disk is full: free some space, then run the same command again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev: interrupted", file=sys.stderr)
        return 130

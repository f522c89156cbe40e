"""Run Python with ``env`` inside Odoo: from standard input, or a file with arguments.

Executed by the Python of ``.dev/venv``: ``shell.py CONF DATABASE [FILE [ARGUMENT…]]``.
"""

import os
import runpy
import sys
import threading
import traceback


def main():
    conf, dbname, *rest = sys.argv[1:]
    # First, so that Odoo patches the standard library before anything else uses it.
    import odoo.init  # noqa: F401
    from odoo import api
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tools import config

    options = ["-c", conf, "-d", dbname, "--no-http", "--log-level=warn", "--max-cron-threads=0"]
    if os.environ.get("DEV_SHELL_LOG"):
        options.append(f"--logfile={os.environ['DEV_SHELL_LOG']}")
    config.parse_config(options, setup_logging=True)
    server.load_server_wide_modules()
    threading.current_thread().dbname = dbname
    registry = Registry(dbname)
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env = env(context=env["res.users"].context_get())
        names = {"env": env, "self": env.user}
        try:
            if rest:
                path, *arguments = rest
                sys.argv = [path, *arguments]
                sys.path.insert(0, os.path.dirname(path))
                runpy.run_path(path, names, "__main__")
            elif sys.stdin.isatty():
                import code

                code.interact(
                    banner=f"Odoo on {dbname}: env is there; changes are kept when you leave with Ctrl-D", local=names
                )
            else:
                source = sys.stdin.read()
                exec(compile(source, "<stdin>", "exec"), {"__name__": "__main__", **names})
            env.cr.flush()
        except SystemExit as leave:
            if leave.code:
                cr.rollback()
                if not isinstance(leave.code, int):
                    print(leave.code, file=sys.stderr)
                return leave.code if isinstance(leave.code, int) else 1
        except BaseException:
            cr.rollback()
            traceback.print_exc()
            sys.stdout.flush()
            return 1
        cr.commit()
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Odoo's threads (bus, cron) would keep the process alive.
    os._exit(code)

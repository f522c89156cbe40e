"""``dev screenshot``: a picture of a page as a user sees it."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from . import database, paths, postgres, python_env, server
from .errors import DevError
from .odoo import Odoo
from .run import update
from .template import Template
from .testing import BROWSERS, free_port


def add_arguments(parser):
    """The options of the command."""
    parser.add_argument("url", help="an address, or only its path such as /odoo/contacts")
    parser.add_argument("file", help="the PNG file to write")
    parser.add_argument(
        "-d", dest="name", default="", metavar="NAME", help="the database; a server for it is started when none runs"
    )
    parser.add_argument("--login", default="admin", help="the user (admin); empty for a visitor")
    parser.add_argument("--password", default="", help="the same as the login when not given")
    parser.add_argument("--size", default="1366x768", help="the window (1366x768; 390x844 is a telephone)")
    parser.add_argument("--lang", default="", help="the language for this picture, such as es_ES")
    parser.add_argument("--full-page", action="store_true", help="as high as the content")
    parser.add_argument(
        "--click", action="append", default=[], metavar="SELECTOR", help="click there first (repeatable)"
    )
    parser.add_argument("--wait", default="", metavar="SELECTOR", help="wait until this is visible")


def screenshot(options):
    """Take the picture, starting a server for the time of it when none runs."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise DevError("There is no Chromium on this machine: apt-get install chromium.")
    width, _, height = options.size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise DevError(f"--size {options.size} is not a size: write it like 1366x768.")
    job = {
        "browser": browser,
        "file": str(Path(options.file).absolute()),
        "login": options.login,
        "password": options.password or options.login,
        "size": (int(width), int(height)),
        "lang": options.lang,
        "full_page": options.full_page,
        "click": options.click,
        "wait": options.wait,
    }
    parts = urlsplit(options.url)
    if parts.scheme:
        return _take(job, f"{parts.scheme}://{parts.netloc}", options.url)
    path = "/" + options.url.lstrip("/")
    for known in server.running():
        if known["database"] == options.name or not options.name:
            base = f"http://{server.HOST}:{known['port']}"
            return _take(job, base, base + path)
    with postgres.use() as running:
        name = options.name or "customers"
        database.need(running, name)
        odoo = Odoo(running)
        update(Template(odoo, demo=True), name)
        web = server.OdooServer(odoo, name, free_port())
        try:
            web.start()
            return _take(job, web.url, web.url + path)
        finally:
            web.stop()


def _take(job, base, url):
    command = [python_env.python(), paths.INSIDE / "take_screenshot.py"]
    return subprocess.run(
        list(map(str, command)), input=json.dumps({**job, "base": base, "url": url}), text=True
    ).returncode

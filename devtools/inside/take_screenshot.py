"""Log in to an Odoo, look at a page in Chromium and write a picture; the options come as JSON on standard input."""

import contextlib
import json
import re
import sys

import requests
from browser import Browser, PageError


class Account:
    """A session of one user on one server."""

    def __init__(self, base, login, password):
        self.base = base
        self.session = requests.Session()
        page = self._get("/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text) or re.search(
            r'csrf_token: "([^"]+)"', page.text
        )
        if not token:
            raise PageError(f"{base}/web/login is not Odoo's login page.")
        answer = self.session.post(
            f"{base}/web/login",
            data={"csrf_token": token[1], "login": login, "password": password, "redirect": "/odoo"},
            timeout=120,
            allow_redirects=False,
        )
        if answer.status_code not in (302, 303):
            raise PageError(f"{base} refuses the login {login}: give --login and --password.")

    def _get(self, path):
        try:
            return self.session.get(self.base + path, timeout=120)
        except requests.RequestException as error:
            raise PageError(f"{self.base} does not answer: is the server running?") from error

    def call(self, model, method, *arguments, **keywords):
        """Call a method of a model as the user."""
        body = {"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": arguments, "kwargs": keywords}}
        answer = self.session.post(f"{self.base}/web/dataset/call_kw/{model}/{method}", json=body, timeout=120).json()
        if "error" in answer:
            raise PageError(f"{model}.{method} failed: {answer['error']['data']['message']}")
        return answer["result"]

    @contextlib.contextmanager
    def speaking(self, lang):
        """The user has another language for a while."""
        if not lang:
            yield
            return
        if lang not in [code for code, _name in self.call("res.lang", "get_installed")]:
            raise PageError(f"The language {lang} is not active in this database: `./dev db NAME --demo` has es_ES.")
        info = self.session.post(
            f"{self.base}/web/session/get_session_info", json={"jsonrpc": "2.0", "params": {}}, timeout=120
        ).json()["result"]
        before = self.call("res.users", "read", [info["uid"]], ["lang"])[0]["lang"]
        self.call("res.users", "write", [info["uid"]], {"lang": lang})
        try:
            yield
        finally:
            self.call("res.users", "write", [info["uid"]], {"lang": before})


def main():
    options = json.load(sys.stdin)
    account = Account(options["base"], options["login"], options["password"]) if options["login"] else None
    width, height = options["size"]
    with (
        Browser(options["browser"]) as browser,
        account.speaking(options["lang"]) if account else contextlib.nullcontext(),
    ):
        browser.resize(width, height)
        browser.open(options["url"], account.session.cookies.items() if account else ())
        for selector in options["click"]:
            browser.click(selector)
        if options["wait"]:
            browser.wait_for(options["wait"])
            browser.settle()
        if options["full_page"]:
            browser.grow(width, height)
        if account and "/web/login" in browser.evaluate("location.pathname"):
            raise PageError(f"{options['url']} sent the browser to the login page.")
        # Charts of Odoo draw themselves for most of a second without any traffic.
        browser.pump(1.0 if browser.evaluate("!!document.querySelector('canvas')") else 0.1)
        picture = browser.picture()
        for line in dict.fromkeys(browser.console):
            print(f"console error: {line}", file=sys.stderr)
    with open(options["file"], "wb") as handle:
        handle.write(picture)


if __name__ == "__main__":
    try:
        main()
    except PageError as error:
        sys.exit(f"dev: {error}")

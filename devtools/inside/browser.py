"""A small driver for headless Chromium over the DevTools protocol: enough to log in, look and click."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import websocket

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--force-prefers-reduced-motion",
    "--force-color-profile=srgb", "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip


class PageError(Exception):
    """What the page did not do, in one sentence."""


class Browser:
    """One page of a browser that lives as long as the ``with`` block."""

    def __init__(self, binary):
        self._profile = tempfile.mkdtemp(prefix="crmdb-browser-")
        self._process = subprocess.Popen(
            [binary, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ids = itertools.count(1)
        self._requests = {}
        self._last_traffic = time.monotonic()
        self.console = []
        self._socket = None

    def __enter__(self):
        try:
            self._connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._socket:
            with contextlib.suppress(Exception):
                self.call("Browser.close")
            self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _connect(self):
        port_file = Path(self._profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not port_file.is_file() or port_file.read_text().count("\n") < 1:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise PageError(
                    "The browser did not start: try it by hand with `chromium --headless --no-sandbox about:blank`."
                )
            time.sleep(0.1)
        port, path = port_file.read_text().split("\n")[:2]
        self._socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=60, max_size=None)
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **params):
        """Call a DevTools method and return its result."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params}
        if hasattr(self, "_session") and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise PageError(f"The browser refused {method}: {answer['error']['message']}.")
                return answer["result"]
            self._event(answer)

    def _event(self, event):
        method, params = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self._last_traffic = time.monotonic()
            url = params["request"]["url"]
            # The bus is always open: waiting for it would be waiting forever.
            if not url.startswith(("data:", "blob:", "ws")) and "/bus/" not in url and "/websocket" not in url:
                self._requests[params["requestId"]] = url
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self._last_traffic = time.monotonic()
            self._requests.pop(params["requestId"], None)
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.console.append(
                " ".join(str(part.get("value", part.get("description", ""))) for part in params["args"])
            )
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.console.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())

    def pump(self, seconds):
        """Handle what the browser reports for a while."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(max(left, 0.01))
            try:
                self._event(json.loads(self._socket.recv()))
            except websocket.WebSocketTimeoutException:
                break
        self._socket.settimeout(60)

    def evaluate(self, expression):
        """The value of a JavaScript expression (a promise is awaited)."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise PageError(
                f"JavaScript failed on the page: {result['exceptionDetails'].get('exception', {}).get('description', expression)}"
            )
        return result["result"].get("value")

    def resize(self, width, height):
        """Give the page a size; narrow ones are telephones."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        if width < 600:
            self.call("Emulation.setTouchEmulationEnabled", enabled=True)

    def open(self, url, cookies=()):
        """Load an address and wait until it is quiet."""
        for name, value in cookies:
            self.call("Network.setCookie", name=name, value=value, url=url)
        result = self.call("Page.navigate", url=url)
        if result.get("errorText"):
            raise PageError(f"{url} can't be loaded ({result['errorText']}): is the server running?")
        self.settle()

    def settle(self, quiet=0.7, patience=60):
        """Wait until network and Odoo's own indicators have been quiet for a moment."""
        deadline = time.monotonic() + patience
        since = None
        while time.monotonic() < deadline:
            self.pump(0.1)
            busy = self._requests or not self.evaluate(_IDLE)
            now = time.monotonic()
            if busy:
                since = None
            elif since is None:
                since = now
            elif now - max(since, self._last_traffic) >= quiet:
                return
        waiting = ", ".join(list(self._requests.values())[:3]) or "Odoo's loading indicator"
        raise PageError(f"The page was not quiet within {patience} seconds (waiting for {waiting}).")

    def wait_for(self, selector, patience=20):
        """Wait for a visible element and return its centre."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            point = self.evaluate(_CENTRE % json.dumps(selector))
            if point:
                return point
            self.pump(0.1)
        raise PageError(f"Nothing visible on the page matches {selector} after {patience} seconds.")

    def click(self, selector):
        """Click with the mouse in the middle of an element, as a person does."""
        x, y = self.wait_for(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            pressed = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **pressed)
        self.settle()

    def grow(self, width, height):
        """Make the page as high as its content: Odoo scrolls inside elements, not the window."""
        for _attempt in range(3):
            hidden = self.evaluate(_HIDDEN)
            if not hidden:
                return
            height = min(height + hidden, 16000)
            self.resize(width, height)
            self.settle()

    def picture(self):
        """The page as PNG bytes."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


_IDLE = """
document.readyState === 'complete' && document.fonts.status === 'loaded'
&& !document.querySelector('.o_blockUI, .o_loading_indicator, .o_loading, .o_skeleton, .o_action_manager:empty')
&& [...document.images].every(image => image.complete || image.loading === 'lazy')
&& (!window.odoo || !document.querySelector('.o_web_client') || window.odoo.isReady === true)
"""
_CENTRE = """(() => {
    for (const element of document.querySelectorAll(%s)) {
        element.scrollIntoView({block: 'nearest', behavior: 'instant'});
        const box = element.getBoundingClientRect();
        if (box.width && box.height) return [box.x + box.width / 2, box.y + box.height / 2];
    }
})()"""
_HIDDEN = """(() => {
    let most = document.documentElement.scrollHeight - window.innerHeight;
    for (const element of document.querySelectorAll('.o_content, .o_form_view, .o_renderer, main, #wrapwrap, .o_action, .o_list_renderer')) {
        if (/auto|scroll/.test(getComputedStyle(element).overflowY)) most = Math.max(most, element.scrollHeight - element.clientHeight);
    }
    return most;
})()"""

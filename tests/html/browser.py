# SPDX-License-Identifier: Apache-2.0
# A Chromium without a window, for tests: started on a profile that goes away with it, and spoken to by
# the DevTools protocol over two pipes, so that there is no port that others could use.
#
# with Browser() as b:
#     page = b.open("file:///...")
#     page.evaluate("document.title")

import json
import os
import shutil
import signal
import subprocess
import tempfile

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60  # seconds for an answer, on a machine that has much else to do


def find():
    """The program, or None."""
    return next((p for p in map(shutil.which, PROGRAMS) if p), None)


class Browser:
    """One Chromium. Events that no call waits for are kept in `events`."""

    def __init__(self):
        self.last, self.rest, self.events = 0, b"", []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="browser.", dir=os.getcwd())
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()

        def pipes():  # the browser reads from 3 and writes to 4
            for number, pipe in ((3, read_there), (4, write_there)):
                os.dup2(os.dup(pipe), number + 60)
            for number in (3, 4):
                os.dup2(number + 60, number)

        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir=" + self.folder],
            preexec_fn=pipes, close_fds=False, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_there)
        os.close(write_there)
        self.reads, self.writes = read_here, write_here
        signal.signal(signal.SIGALRM, self.gave_up)
        return self

    def __exit__(self, *_):
        os.close(self.writes)
        os.close(self.reads)
        try:  # all that it started is in its own group
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def gave_up(self, *_):
        raise TimeoutError("the browser does not answer")

    def receive(self):
        while b"\0" not in self.rest:
            got = os.read(self.reads, 1 << 20)
            if not got:
                raise EOFError("the browser has ended")
            self.rest += got
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        """The answer to a call; what happens meanwhile goes to `events`."""
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.writes, json.dumps(message).encode() + b"\0")
        signal.alarm(PATIENCE)
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                signal.alarm(0)
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        """Until that has happened, since the last open()."""
        signal.alarm(PATIENCE)
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.receive())
        signal.alarm(0)

    def open(self, url, script=True):
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        page = Page(self, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            page.call(domain + ".enable")
        page.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.events = []
        page.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def evaluate(self, expression):
        """The value of an expression; of a promise, what it comes to."""
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                        awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["exception"].get("description", expression))
        return got["result"].get("value")

    def size(self, width, height=800):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)

    def media(self, kind="", **features):
        """Paper or screen; prefers_color_scheme="dark" and the like."""
        self.call("Emulation.setEmulatedMedia", media=kind,
                  features=[{"name": name.replace("_", "-"), "value": value}
                            for name, value in features.items()])

    def key(self, key, code=0, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def tree(self):
        """What assistive technology is told: nodes with role and name."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [{"role": n.get("role", {}).get("value"), "name": n.get("name", {}).get("value", ""),
                 "focusable": any(p["name"] == "focusable" and p["value"]["value"]
                                  for p in n.get("properties", []))}
                for n in nodes if not n.get("ignored")]

    def happened(self, *methods):
        return [e for e in self.browser.events if e.get("method") in methods]

# SPDX-License-Identifier: Apache-2.0
"""The page of packaging/web/ in a browser, as its user has it: files go in, verdicts come out."""
import time

SECONDS = 120  # until what does not come is a failure, on a machine that has much else to do
MANY = 40      # runs that are asked for at a time


class App:
    def __init__(self, browser, url, width=1280):
        self.browser, self.page = browser, browser.open(url)
        self.page.size(width)

    def wait(self, expression):
        until = time.monotonic() + SECONDS
        while not self.page.evaluate(expression):
            if time.monotonic() > until:
                raise TimeoutError(f"never true: {expression}")
            time.sleep(0.05)

    def settled(self, count):
        """Until so many files are in the list, each with what came of it."""
        self.wait(f"items.length === {count} && items.every((item) => item.result)")

    def give(self, selector, paths):
        root = self.page.call("DOM.getDocument")["root"]["nodeId"]
        node = self.page.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.page.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def choose(self, paths):
        self.give("#choose", paths)

    def choose_folder(self, paths):
        self.give("#folder", paths)

    def clear(self):
        self.page.evaluate("at('clear').click()")

    def drop(self, paths):
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.page.call("Input.dispatchDragEvent", type=kind, x=100, y=300, data=data)

    def results(self, of_item):
        """Of each file [exit status, SHA-256 of the output, errors, fault], of what an expression in
        `item` is worth."""
        count, got = self.page.evaluate("items.length"), []
        for at in range(0, count, MANY):
            got += self.page.evaluate("""(async () => {
                const all = [];
                for (const item of items.slice(%d, %d)) {
                    const { status, output, errors, fault } = await (%s);
                    const digest = output && await crypto.subtle.digest("SHA-256", await output.arrayBuffer());
                    const hex = digest && [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
                    all.push([status, hex, errors, fault]);
                }
                return all;
            })()""" % (at, at + MANY, of_item))
        return got

    def frame(self):
        """The page of the file that is shown: a sandbox keeps it in a process of its own."""
        until, found = time.monotonic() + SECONDS, []
        while not found and time.monotonic() < until:
            targets = self.browser.call("Target.getTargets")["targetInfos"]
            found = [target["targetId"] for target in targets if target["type"] == "iframe"]
        frame = type(self.page)(self.browser, self.browser.call(
            "Target.attachToTarget", targetId=found[0], flatten=True)["sessionId"])
        frame.call("Log.enable")
        while frame.evaluate("document.readyState") != "complete":
            time.sleep(0.05)
        return frame

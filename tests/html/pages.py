# SPDX-License-Identifier: Apache-2.0
# Pages of `otapack inspect --format html` in a browser: pages.py PAGE JSON [FOLDER]
#
# PAGE and JSON are of the same files. With a FOLDER, what was looked at is there afterwards as pictures.

import base64
import json
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from browser import Browser

SIZES = (1280, 768, 390, 320)
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "look.js")) as script:
    LOOK = script.read()
wrong = []


def complain(where, what):
    wrong.append("%s: %s" % (where, what))


def keep(page, name):
    if len(sys.argv) > 3:
        picture = page.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(os.path.join(sys.argv[3], name + ".png"), "wb") as out:
            out.write(base64.b64decode(picture))


def paths(node, path=""):
    yield path
    for name, parts in node["parts"].items():
        for i, part in enumerate(parts if isinstance(parts, list) else [parts]):
            here = "%s%s%s" % (path, "." if path else "", name)
            yield from paths(part, "%s[%d]" % (here, i) if isinstance(parts, list) else here)


def look(page, document):
    """As it stands: on every width, in light and dark."""
    expected = sorted(p for f in document["files"] if "root" in f for p in paths(f["root"]))
    for scheme in ("light", "dark"):
        page.media(prefers_color_scheme=scheme)
        for width in SIZES:
            page.size(width)
            seen = page.evaluate(LOOK)
            for what in seen["wrong"]:
                complain("%s, %d" % (scheme, width), what)
            keep(page, "%s-%d" % (scheme, width))
    if sorted(seen["parts"]) != expected:
        complain("parts", "not those of the JSON")
    if seen["articles"] != len(document["files"]) or seen["texts"] < 50 or seen["bars"] < 2:
        complain("page", "hardly anything is in it: %s" % seen)


def unfolded(page):
    """The same with all folds open and every check shown: there is more that could be too wide."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true));"
                  "document.querySelectorAll('input').forEach((i) => (i.checked = true))")
    for scheme in ("light", "dark"):
        page.media(prefers_color_scheme=scheme)
        for width in SIZES:
            page.size(width)
            for what in page.evaluate(LOOK)["wrong"]:
                complain("unfolded, %s, %d" % (scheme, width), what)
    keep(page, "unfolded")


def on_paper(page):
    """Nothing folded, no buttons, black on white whatever the screen has."""
    page.media("print", prefers_color_scheme="dark")
    got = page.evaluate("""(() => {
        const seen = (n) => n.checkVisibility({contentVisibilityAuto: true}) && n.getClientRects().length > 0;
        const style = getComputedStyle(document.body);
        return {
            folded: [...document.querySelectorAll("details > :not(summary)")].filter((n) => !seen(n)).length,
            buttons: [...document.querySelectorAll("button, input")].filter(seen).length,
            colours: style.color + style.backgroundColor,
        };
    })()""")
    if got != {"folded": 0, "buttons": 0, "colours": "rgb(0, 0, 0)rgb(255, 255, 255)"}:
        complain("paper", got)
    if len(page.call("Page.printToPDF")["data"]) < 10000:
        complain("paper", "next to nothing is printed")
    page.media()


def to_scale(page):
    """Each picture of a file has its table's rows, where and as wide as these say."""
    got = page.evaluate("""[...document.querySelectorAll("section.picture > .bar")].map((bar) => {
        const rows = [...bar.nextElementSibling.tBodies[0].rows].map((row) => [2, 3].map((i) =>
            Number(row.cells[i].textContent.replaceAll(",", ""))));
        const shapes = [...bar.querySelectorAll("svg.scale rect")].map((r) => ["x", "width"].map((name) =>
            r.getAttribute(name)).map(parseFloat));
        const small = bar.querySelectorAll("svg.small rect").length;
        return {rows, shapes, small};
    })""")
    for picture in got:
        rows, shapes = picture["rows"], picture["shapes"]
        first, whole = rows[0][0], sum(size for _, size in rows)
        if len(rows) != len(shapes) or picture["small"] != sum(s[1] < 4.2 for s in shapes):
            complain("picture", "of %d rows %d are drawn" % (len(rows), len(shapes)))
        for (at, size), (x, width) in zip(rows, shapes):
            if abs((at - first) / whole * 100 - x) > 0.001 or abs(size / whole * 100 - width) > 0.001:
                complain("picture", "%d bytes at %d are drawn from %f, %f wide" % (size, at, x, width))
    if len(got) < 6:
        complain("picture", "there are only %d" % len(got))


def folds(page):
    """What is wrong can be seen in the tree; what a link leads to unfolds."""
    hidden = """[...document.querySelectorAll('.findings > .failed a.path')].filter((a) =>
        !document.querySelector('[id="' + a.hash.slice(1) + '"]').checkVisibility({contentVisibilityAuto: true})
        ).length"""
    if page.evaluate(hidden):
        complain("tree", "what failed is folded away")
    seen = page.evaluate("""(() => {
        const folded = [...document.querySelectorAll("details[data-path] details[data-path]")].find((d) =>
            !d.checkVisibility({contentVisibilityAuto: true}));
        location.hash = folded.id;
        return new Promise((done) => setTimeout(() => done(folded.open && folded.checkVisibility(
            {contentVisibilityAuto: true})), 300));
    })()""")
    if not seen:
        complain("tree", "a link does not unfold what it leads to")


def told(page):
    """What a screen reader has: landmarks, headings, and a name for all that can be reached."""
    nodes = page.tree()
    roles = {n["role"] for n in nodes}
    for role in ("banner", "main", "contentinfo", "heading", "table", "checkbox", "button", "link", "group"):
        if role not in roles:
            complain("screen reader", "there is no " + role)
    for n in nodes:
        if n["focusable"] and n["role"] != "RootWebArea" and not n["name"].strip():
            complain("screen reader", "a %s without a name" % n["role"])
    named = sum(n["role"] == "group" and n["name"].endswith(("to scale", "enlarged")) for n in nodes)
    if named != page.evaluate("document.querySelectorAll('.bar svg').length"):
        complain("screen reader", "only %d pictures have a name" % named)


def by_keyboard(page):
    """Tab reaches everything, and shows where it is; what is reached, works."""
    page.size(1280)
    wanted = page.evaluate("""[...document.querySelectorAll("a[href], button, input, summary")]
        .filter((n) => n.checkVisibility({contentVisibilityAuto: true})).length""")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = 0
    for _ in range(min(wanted, 60)):
        page.key("Tab", 9)
        got = page.evaluate("""(() => {
            const node = document.activeElement, style = getComputedStyle(node);
            const shape = node.querySelector("rect");
            return node === document.body ? "nothing"
                : style.outlineStyle !== "none" || (shape && parseFloat(getComputedStyle(shape).strokeWidth) > 2)
                ? "" : node.outerHTML.slice(0, 80);
        })()""")
        reached += got != "nothing"
        if got not in ("", "nothing"):
            complain("keyboard", "nothing shows that this has the focus: " + got)
    if reached < min(wanted, 60) or wanted < 20:
        complain("keyboard", "%d of %d are reached" % (reached, wanted))

    page.evaluate("document.querySelector('.tree details:not([open]) summary').focus()")
    page.key("Enter", 13, "\r")
    if not page.evaluate("document.activeElement.parentElement.open"):
        complain("keyboard", "Enter does not unfold")
    page.evaluate("document.querySelector('input.good').focus()")
    hidden = "document.querySelectorAll('.findings > .good')[0].getClientRects().length"
    before = page.evaluate(hidden)
    page.key(" ", 32, " ")
    if page.evaluate(hidden) == before:
        complain("keyboard", "a box does not show or hide")
    # With the clipboard that pages have, and where that is closed to them.
    for i, what in enumerate(("SHA-256", "MD5")):
        page.evaluate("document.querySelectorAll('.copied + button')[%d].focus()" % i)
        page.key("Enter", 13, "\r")
        said = page.evaluate("""new Promise((done) => setTimeout(() =>
            done(document.getElementById("said").textContent), 300))""")
        if not said.startswith(what + " of the file is copied"):
            complain("keyboard", "copying says '%s'" % said)
        page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error())")


def quiet(page, url):
    """Nothing was loaded but the page, and the browser had nothing to say of it."""
    loaded = [e["params"]["request"]["url"] for e in page.happened("Network.requestWillBeSent")]
    if loaded != [url]:
        complain("network", loaded)
    for event in page.happened("Log.entryAdded", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"):
        complain("browser", json.dumps(event["params"])[:300])


def without_script(browser, url):
    page = browser.open(url, script=False)
    page.size(390)
    seen = page.evaluate(LOOK)
    for what in seen["wrong"]:
        complain("without script", what)
    if page.evaluate("document.querySelectorAll('button').length") != 0:
        complain("without script", "there are buttons, which do nothing")
    page.evaluate("document.querySelector('input.good').click()")
    if not page.evaluate("document.querySelectorAll('.findings > .good')[0].getClientRects().length"):
        complain("without script", "a box shows nothing")
    quiet(page, url)


def read_alike(page, source):
    """Read as XML and as HTML it is the same tree: the browser had nothing to put right."""
    count = page.evaluate("""(() => {
        const xml = new DOMParser().parseFromString(%s, "text/xml");
        const names = (d) => [...d.querySelectorAll("*")].map((n) => n.localName).join(" ");
        const html = new DOMParser().parseFromString(%s, "text/html");
        return xml.querySelector("parsererror") ? "it is no XML"
            : names(xml) === names(html) ? "" : "read as HTML it is another tree";
    })()""" % (json.dumps(source), json.dumps(source)))
    if count:
        complain("markup", count)


def in_a_frame(browser, url, source):
    """As another page shows it, which lets its script run and nothing else."""
    page = browser.open(url)
    page.evaluate("""(() => {
        const frame = document.createElement("iframe");
        window.heard = new Promise((done) => frame.addEventListener("load", done));
        frame.sandbox = "allow-same-origin allow-scripts";
        frame.srcdoc = %s;
        document.body.replaceChildren(frame);
        return window.heard.then(() => true);
    })()""" % json.dumps(source))
    if not page.evaluate("document.querySelector('iframe').contentDocument.querySelector('button') !== null"):
        complain("frame", "its script did not run")


def main():
    url = "file://" + os.path.abspath(sys.argv[1])
    with open(sys.argv[1], encoding="utf-8") as page:
        source = page.read()
    with open(sys.argv[2], encoding="utf-8") as document:
        expected = json.load(document)
    with Browser() as browser:
        page = browser.open(url)
        quiet(page, url)
        look(page, expected)
        to_scale(page)
        told(page)
        by_keyboard(page)
        folds(page)
        unfolded(page)
        on_paper(page)
        read_alike(page, source)
        page.media(prefers_reduced_motion="reduce")
        if page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") != "auto":
            complain("motion", "it moves, where that is not wanted")
        quiet(page, url)
        without_script(browser, url)
        in_a_frame(browser, url, source)
    for line in wrong[:40]:
        print(line)
    return 1 if wrong else 0


sys.exit(main())

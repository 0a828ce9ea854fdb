#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of packaging/web/ in a Chromium without a window: it says of every fixture what the program
says, byte for byte, from a file and from a static host, and connects to nothing.

    run.py OTAPACK PAGE

OTAPACK is the program of the same sources.
"""
import base64
import functools
import gzip
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(TREE / "tests/html"))
import browser as chromium  # noqa: E402
import traps  # noqa: E402
from app import App  # noqa: E402

PAGE_WORDS, JSON_WORDS = ["inspect", "--format", "html"], ["inspect", "--json"]
LOOK = (TREE / "tests/html/look.js").read_text(encoding="utf-8")
LISTS = TREE / "fixtures/manifest"
FOLDERS = [LISTS, TREE / "fixtures/rcp_build", TREE / "fixtures/partition_csv"]
GOOD = TREE / "fixtures/esp_image/good-app-esp32c6-idf53.bin"
NAMES_OF_JAVASCRIPT = ("constructor", "__proto__", "hasOwnProperty")
STRANGE = ("-", "--json", "<img src=x onerror=alert(1)>&amp;.bin", "\u540d\u524d \u202e.bin", "a\\b%20#?.bin")


def check(true, what):
    if not true:
        sys.exit(f"web: {what}")


def fixtures():
    found = sorted(path for path in (TREE / "fixtures").glob("*/**/*") if path.is_file())
    check(len(found) > 700, "hardly any fixtures were found")
    return found


# ---- The same as the program ---------------------------------------------------------------------


def paths_in(given):
    """What is given, files and folders: each file's path as the page has it, and where it is."""
    files = [path for path in given if not path.is_dir()]
    files += [path for folder in given if folder.is_dir() for path in folder.glob("**/*") if path.is_file()]
    above = {path: next((folder.parent for folder in given if folder in path.parents), path.parent) for path in files}
    return sorted((path.relative_to(above[path]).as_posix(), path) for path in files)


def native(otapack, words, path):
    got = subprocess.run([otapack, *words, "--", "./-" if path.name == "-" else path.name], cwd=path.parent,
                         stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return [got.returncode, hashlib.sha256(got.stdout).hexdigest(), got.stderr.decode(), None]


def same_as_program(app, otapack, give, given):
    """These are given; their pages, their verdicts in the list and their JSON are the program's."""
    paths = paths_in(given)
    app.clear()
    give(given)
    app.settled(len(paths))
    pages = app.results("item.result")
    trees = app.results(f"run({json.dumps(JSON_WORDS)}, item)")
    rows = app.page.evaluate('[...document.querySelectorAll("#files li")].map((li) => li.textContent)')
    for (name, path), page, tree, row in zip(paths, pages, trees, rows, strict=True):
        wanted = native(otapack, PAGE_WORDS, path)
        check(page == wanted, f"{path}: the page is {page}, and the program's {wanted}")
        wanted = native(otapack, JSON_WORDS, path)
        check(tree == wanted, f"{path}: the JSON is {tree}, and the program's {wanted}")
        verdict = ("\u2713 Good", "\u2717 Not good", "\u2717 Not read")[wanted[0]]
        check(row == verdict + name, f"{path}: the list says {row!r}")
    return {page[0] for page in pages}


def undisturbed(app, *urls):
    """Nothing but this was asked for, and the browser had nothing to say."""
    sent = [event["params"]["request"]["url"] for event in app.page.happened("Network.requestWillBeSent")]
    sent = [url for url in sent if not url.startswith("blob:")]  # what the page holds itself
    check(sent == list(urls), f"these were asked for: {sent[:3]}")
    said = app.page.happened("Log.entryAdded", "Runtime.exceptionThrown", "Page.javascriptDialogOpening")
    check(not said, f"the browser has something to say: {said[:2]}")


def from_file(otapack, page):
    with chromium.Browser() as browser:
        app = App(browser, page.as_uri())
        statuses = set()
        for folder in sorted(path for path in (TREE / "fixtures").iterdir() if path.is_dir()):
            statuses |= same_as_program(app, otapack, app.choose_folder, [folder])
        check(statuses == {0, 1}, f"the fixtures' exit statuses are {statuses}")
        undisturbed(app, page.as_uri())
    print(f"web: {len(fixtures())} fixtures, from a file: pages, lists and JSON are the program's")


# ---- Nothing leaves ------------------------------------------------------------------------------


class Host:
    """A static host, and what it was asked for."""

    def __init__(self, folder):
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                asked.append(self.path)

        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


# How a script in the page, or in its worker, could tell somebody something: each must come to "refused".
LEAKS = (
    """fetch("HOST").then(() => "fetched", () => "refused")""",
    """new Promise((done) => {
        const image = new Image();
        image.onload = () => done("shown");
        image.onerror = () => done("refused");
        image.src = "HOST.png";
    })""",
    """new Promise((done) => {
        document.addEventListener("securitypolicyviolation", () => done("refused"));
        const frame = document.createElement("iframe");
        frame.src = "HOST.html";
        document.body.append(frame);
    })""",
    """new Promise((done) => {
        document.addEventListener("securitypolicyviolation", () => done("refused"));
        const form = document.createElement("form");
        form.action = "HOST";
        document.body.append(form);
        form.submit();
    })""",
    """new Promise((done) => {
        const source = `fetch("HOST").then(() => "fetched", () => "refused").then(postMessage)`;
        const worker = new Worker(URL.createObjectURL(new Blob([source])));
        worker.onmessage = ({ data }) => done(data);
    })""",
)


def from_host(otapack, page):
    """Folders, in each way to have what is in them; then scripts that nobody wrote try to connect."""
    with Host(page.parent) as host, chromium.Browser() as browser:
        app = App(browser, host.address + page.name)
        for folder in FOLDERS:
            same_as_program(app, otapack, app.choose_folder, [folder])
        same_as_program(app, otapack, app.drop, FOLDERS)
        app.page.evaluate("delete DataTransferItem.prototype.getAsFileSystemHandle")  # as other browsers are
        same_as_program(app, otapack, app.drop, FOLDERS)
        undisturbed(app, host.address + page.name)
        for leak in LEAKS:
            came = app.page.evaluate(leak.replace("HOST", host.address + "leak"))
            check(came == "refused", f"the page can connect to its host: {leak}")
        check(host.asked == ["/" + page.name], f"the host was asked for {host.asked}")
    print(f"web: {len(paths_in(FOLDERS))} fixtures, from a host, which was asked for the page alone")


# ---- As it is used -------------------------------------------------------------------------------


def make_files(scratch):
    """A flash image of 16 MB, an empty file, files with strange names."""
    scratch.mkdir()
    flash = next((TREE / "fixtures/flash").glob("good-*.bin"))
    (scratch / "flash.bin").write_bytes(flash.read_bytes().ljust(16 << 20, b"\xff"))
    (scratch / "empty").touch()
    for name in STRANGE:
        (scratch / name).write_bytes(GOOD.read_bytes())
    return sorted(scratch.iterdir())


def looks(app):
    """Nothing is too wide, too pale or without a name: on a phone, on a desktop, in light and dark."""
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            app.page.size(width)
            app.page.media(prefers_color_scheme=scheme)
            wrong = app.page.evaluate(LOOK)["wrong"]
            check(not wrong, f"{width} wide, {scheme}: {wrong[:3]}")
    check(app.page.evaluate("at('choose').labels.length") == 1, "the choice of files has no label")
    for node in app.page.tree():
        check(not node["focusable"] or node["name"], f"a screen reader has no name for a {node['role']}")


def shown_page(app):
    """What otapack wrote is whole in its frame: style, script, and links that stay in it."""
    frame = app.frame()
    check(frame.evaluate("getComputedStyle(document.querySelector('.verdict')).borderStyle") == "solid",
          "the page in the frame has no style")
    check(frame.evaluate("document.querySelectorAll('button').length"), "its script has not run")
    frame.evaluate("document.querySelector('a[href^=\"#\"]').click()")
    check(frame.evaluate("document.querySelector(':target') !== null"), "a link leads out of the page")


def list_of_files(app, scratch):
    """A folder without files is none of them; the list is worked by keyboard, and cleared."""
    count = app.page.evaluate("items.length")
    empty = scratch.parent / "nothing"
    empty.mkdir()
    app.drop([empty])
    app.settled(count + 1)
    app.page.evaluate("items.at(-1).button.focus()")
    app.page.key("Enter", 13, "\r")
    said = app.page.evaluate("at('page').hidden && !at('fault').hidden && at('fault').innerText")
    check(said and said.startswith("nothing: is no file that can be read"), f"of a folder it is said: {said}")
    app.clear()
    check(app.page.evaluate("!document.querySelector('#files li') && at('view').hidden"), "it is not cleared")
    check(app.page.evaluate("""(() => {
        const drop = new DragEvent("drop", { cancelable: true, dataTransfer: new DataTransfer() });
        dispatchEvent(drop);
        return drop.defaultPrevented;
    })()"""), "the browser itself opens what is dropped")
    app.drop([GOOD])
    app.settled(1)


def misses(app):
    """Does the page say, of the file that it shows, that not all was given?"""
    app.wait("at('page').hasAttribute('srcdoc')")
    return app.page.evaluate("!at('missing').hidden && at('missing').innerText.includes('that you gave')")


def release(app, otapack, scratch):
    """A list of files, with these and without, as files that were given together and in folders."""
    whole = scratch.parent / "release"
    whole.mkdir()
    for name in ("good-web.json", "bad-manifest-size.json", "app.bin", "bootloader.bin", "table.bin"):
        shutil.copy(LISTS / name, whole)
    for give in (app.choose, app.drop):
        check(same_as_program(app, otapack, give, list(whole.iterdir())) == {0, 1}, "a list is not judged")
    app.page.evaluate("show(items.find((item) => item.name === 'good-web.json'))")
    check(not misses(app), "files are missed that were given")
    for alone, wanted in ((GOOD, False), (LISTS / "good-sums.txt", True), (LISTS / "good-web.json", True)):
        app.clear()
        app.drop([alone])
        app.settled(1)
        check(misses(app) == wanted, f"{alone}, alone: the page " + ("does not say" if wanted else "says") +
              " that more is to be given")
    looks(app)
    same_as_program(app, otapack, app.drop, FOLDERS)


def goes_away(app, scratch):
    """A file that has gone since is said to be the matter, where it is to be judged and where a list names it."""
    app.clear()
    app.drop([scratch.parent / "release"])
    app.settled(5)
    (scratch.parent / "release/app.bin").unlink()
    said = app.page.evaluate(f"""Promise.all(["good-web.json", "app.bin"].map((name) =>
        run({json.dumps(PAGE_WORDS)}, items.find((item) => item.name === name)).then(({{ fault }}) => fault)))""")
    begins = ("it, or a file beside it, cannot be read", "is no file that can be read")
    for fault, wanted in zip(said, begins, strict=True):
        check(fault and fault.startswith(wanted), f"of a file that has gone it is said: {said}")


def outside(scratch):
    """A folder with lists in a folder of it: what they name was given, and is not beside them. And
    folders that are named as all objects of a script have parts."""
    inside = scratch.parent / "outside" / "inside"
    inside.mkdir(parents=True)
    (inside.parent / "app.bin").write_bytes((LISTS / "app.bin").read_bytes())
    (inside / "up.txt").write_text((LISTS / "good-sums.txt").read_text().replace("app.bin", "../app.bin"))
    (inside / "SHA256SUMS").write_bytes((LISTS / "good-sums.txt").read_bytes())
    for name in NAMES_OF_JAVASCRIPT:
        (inside / name).mkdir()
        shutil.copy(LISTS / "good-sums.txt", inside / name)
        shutil.copy(LISTS / "app.bin", inside / name)
        (inside / name / name).touch()
    (inside / "named").write_text("".join((LISTS / "good-sums.txt").read_text().replace("app.bin", name + "/app.bin")
                                          for name in NAMES_OF_JAVASCRIPT if name != "hasOwnProperty"))
    return inside.parent


def too_many(app, scratch):
    """So many files are taken, and it is said that there were more."""
    many, most = scratch.parent / "many", app.page.evaluate("FILES_MOST")
    many.mkdir()
    for nth in range(most + 2):
        (many / f"{nth}").touch()
    for give in (app.drop, app.choose_folder):
        app.clear()
        give([many])
        app.wait("items.length > 0")
        said = app.page.evaluate("at('said').innerText")
        check(app.page.evaluate("items.length") == most and f"At most {most} files" in said, f"of many files: {said}")
    app.clear()
    app.drop([GOOD])
    app.settled(1)
    check("At most" not in app.page.evaluate("at('said').innerText"), "what was cleared is still said")


def as_used(otapack, page, scratch):
    with chromium.Browser() as browser:
        app = App(browser, page.as_uri())
        looks(app)
        app.page.key("Tab", 9)
        check(app.page.evaluate("document.activeElement.id") == "choose", "the first stop is not the choice of files")
        same_as_program(app, otapack, app.choose, make_files(scratch))
        looks(app)
        shown_page(app)
        list_of_files(app, scratch)
        release(app, otapack, scratch)
        goes_away(app, scratch)
        same_as_program(app, otapack, app.drop, [outside(scratch)])
        too_many(app, scratch)
        undisturbed(app, page.as_uri())
    print("web: a flash image of 16 MB, strange names, folders, releases, the keyboard, a phone's screen")


# ---- A program that breaks off -------------------------------------------------------------------


def with_program(page, scratch, change):
    """The page with another program in it."""
    text = page.read_text(encoding="utf-8")
    packed = re.search(r'<script id="program"[^>]*>([^<]*)<', text)[1]
    changed = gzip.compress(change(gzip.decompress(base64.b64decode(packed))))
    other = scratch / "other.html"
    other.write_text(text.replace(packed, base64.b64encode(changed).decode()), encoding="utf-8")
    return other


def breaks_off(page, scratch):
    """Each file says so, and the page goes on."""
    for change, fault in ((lambda wasm: traps.plant(wasm, 4000), "otapack broke off (RuntimeError: unreachable)"),
                          (lambda wasm: b"no program", "this browser cannot run otapack")):
        with chromium.Browser() as browser:
            app = App(browser, with_program(page, scratch, change).as_uri())
            app.choose(fixtures()[:3])
            app.settled(3)
            faults = app.page.evaluate("items.map((item) => item.result.fault)")
            check(all(fault in said for said in faults), f"of a program that breaks off it is said: {faults}")
            check(fault in app.page.evaluate("at('fault').hidden ? '' : at('fault').innerText"), "it is not shown")
    print("web: a program that traps, and one that is none, are said of each file")


def main(otapack, page):
    check(chromium.find(), "there is no Chromium; packaging/install-deps.sh --web installs it")
    with tempfile.TemporaryDirectory(prefix="otapack-web.", ignore_cleanup_errors=True) as scratch:
        os.chdir(scratch)  # the browser has its profile there
        as_used(otapack, page, pathlib.Path(scratch) / "files")
        breaks_off(page, pathlib.Path(scratch))
        from_host(otapack, page)
        from_file(otapack, page)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*(pathlib.Path(word).resolve() for word in sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the page together, in one file:

    assemble.py FOLDER PAGE

FOLDER has the program (packaging/portable/build.sh wasm32-web).
The browser is told by digests what may run in it and what it may look like; all else, and every
connection, is forbidden to it (Content-Security-Policy)."""
import base64
import gzip
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
VERBS = TREE / "src" / "verbs"


def text(path):
    """A file, without the line that names its licence, as the program has those of its own pages."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if "SPDX" not in line)


def allowed(*texts):
    digests = (hashlib.sha256(t.encode()).digest() for t in texts)
    return " ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests)


def policy(parts):
    page_script = text(VERBS / "page.js")
    return "; ".join((
        "default-src 'none'",
        f"script-src {allowed(parts['APP_SCRIPT'], page_script)} 'wasm-unsafe-eval'",
        f"style-src {allowed(parts['PAGE_STYLE'], parts['APP_STYLE'])}",
        "worker-src blob:",
        "connect-src 'none'",
        "base-uri about:",
        "form-action 'none'",
    ))


def version():
    found = re.search(r"^project\(otapack VERSION ([0-9.]+) ", text(TREE / "CMakeLists.txt"), re.MULTILINE)
    return found[1]


def main(program, page):
    wasm = gzip.compress((program / "otapack.wasm").read_bytes(), 9, mtime=0)
    parts = {
        "PAGE_STYLE": text(VERBS / "page.css"),
        "APP_STYLE": text(HERE / "app.css"),
        "APP_SCRIPT": text(HERE / "app.js"),
        "WORKER": text(program / "otapack.js") + text(HERE / "worker.js"),
        "PROGRAM": base64.b64encode(wasm).decode(),
        "VERSION": version(),
    }
    for name, part in parts.items():
        if re.search("</s|<!--", part, re.IGNORECASE):
            sys.exit(f"assemble.py: {name} has what would end it in a page: </s or <!--")
    parts["POLICY"] = policy(parts)
    whole = re.sub("@([A-Z_]+)@", lambda match: parts[match[1]], text(HERE / "app.html"))
    page.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))

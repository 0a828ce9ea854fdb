#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The deepest stack of functions, from the call graph of GCC's -fcallgraph-info=su,da.

stack.py FILE.ci FUNCTION...    prints for each: bytes, name, the path there, what is outside of it
stack.py FILE.ci                of every public function: those whose names do not end in _

Outside are the caller's hooks, which are called through pointers, and memcpy and the like: they are
named, and counted as 0. What has no bound, recursion or a frame that grows, ends this with 1.
"""

import re
import sys

HOOK = "__indirect_call"


def read_graph(path):
    """Frames (bytes; None: not in this file), calls, and what is wrong."""
    frames, calls, wrong = {}, {}, []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            node = re.match(r'node: \{ title: "([^"]*)" label: "([^"]*)"', line)
            edge = re.match(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', line)
            if node:
                frame = re.search(r"\\n(\d+) bytes \(([^)]*)\)", node[2])
                frames[node[1]] = int(frame[1]) if frame else None
                if frame and "static" not in frame[2]:
                    wrong.append(f"{node[1]}: its frame is {frame[2]}")
            elif edge:
                calls.setdefault(edge[1], set()).add(edge[2])
    return frames, calls, wrong


def short(title):
    """The function's name, without the file in front and what GCC puts behind a clone."""
    return re.split(r"[.$]", title.rpartition(":")[2])[0]


class Walk:
    """The deepest path from a function, each looked at once."""

    def __init__(self, frames, calls):
        self.frames, self.calls = frames, calls
        self.known, self.wrong = {}, []

    def deepest(self, title, above=()):
        """Bytes, path, and the functions outside that are called on any path."""
        if title in above:
            self.wrong.append("recursion: " + " ".join(map(short, above[above.index(title):])))
            return 0, [], set()
        if self.frames.get(title) is None:
            return 0, [], {"hooks" if title == HOOK else short(title)}
        if title not in self.known:
            below, path, outside = 0, [], set()
            for callee in sorted(self.calls.get(title, ())):
                more, its_path, its_outside = self.deepest(callee, (*above, title))
                outside |= its_outside
                if more > below:
                    below, path = more, its_path
            self.known[title] = self.frames[title] + below, [short(title), *path], outside
        return self.known[title]


def main():
    frames, calls, wrong = read_graph(sys.argv[1])
    walk = Walk(frames, calls)
    wanted = sys.argv[2:] or sorted(
        {short(f) for f, n in frames.items() if n is not None and re.search(r"[^_]$", short(f))}
    )
    for name in wanted:
        # Clones of a public function are called by others, and are on their paths.
        titles = [t for t in frames if t.rpartition(":")[2] == name and frames[t] is not None]
        if len(titles) != 1:
            wrong.append(f"{name}: not in {sys.argv[1]}")
            continue
        size, path, outside = walk.deepest(titles[0])
        print(size, name, " > ".join(path), "outside: " + " ".join(sorted(outside)), sep="\t")
    for problem in wrong + walk.wrong:
        print(problem, file=sys.stderr)
    return 1 if wrong + walk.wrong else 0


sys.exit(main())

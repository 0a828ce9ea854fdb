#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a command shows on a terminal: it runs on one, and a terminal emulator (pyte) reads along.

screen.py [--svg | --text] COLUMNS LINES COMMAND...

Prints all lines that went over the screen, those that scrolled off it too, as text without colours;
with --svg the first LINES of them as a picture, with a light and a dark look; with --text what it
would show of the file COMMAND. The last line on standard error is the exit status.
"""
import fcntl
import html
import os
import pty
import struct
import sys
import termios

import pyte

# What a terminal has for the names that pyte gives: light and dark.
COLOURS = {"green": ("#1a7f37", "#3fb950"), "brown": ("#9a6700", "#d29922"),
           "red": ("#cf222e", "#ff7b72"), "default": ("#1f2328", "#e6edf3")}


def run(columns, lines, command):
    """The bytes that the command writes to a terminal of this size, and its exit status."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("NO_COLOR", None)
        os.environ.pop("COLUMNS", None)
        # The size is there before the command looks.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        os.execvp(command[0], command)
    out = b""
    while True:
        try:
            piece = os.read(fd, 65536)
        except OSError:  # Linux says EIO at the end
            break
        if not piece:
            break
        out += piece
    return out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def screen_of(out, columns, lines):
    screen = pyte.Screen(columns, lines)
    pyte.ByteStream(screen).feed(out)
    return screen


def text_of(screen):
    rows = [line.rstrip() for line in screen.display]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def svg_of(screen, lines, title):
    width, height, margin = 8.4, 18, 12
    used = min(len(text_of(screen)), lines)
    size = (int(screen.columns * width + 2 * margin), used * height + 2 * margin)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
           f'viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{html.escape(title)}">',
           "<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;white-space:pre}"
           ".back{fill:#ffffff;stroke:#d0d7de}"
           + "".join(f".{name}{{fill:{light}}}" for name, (light, _) in COLOURS.items())
           + ".bold{font-weight:bold}.dim{fill-opacity:.65}"
           "@media(prefers-color-scheme:dark){.back{fill:#0d1117;stroke:#30363d}"
           + "".join(f".{name}{{fill:{dark}}}" for name, (_, dark) in COLOURS.items())
           + "}</style>",
           f'<rect class="back" x=".5" y=".5" width="{size[0] - 1}" height="{size[1] - 1}" rx="6"/>']
    for y in range(used):
        row, x = screen.buffer[y], 0
        while x < screen.columns:
            first, text = row[x], ""
            start = x
            while x < screen.columns and (row[x].fg, row[x].bold) == (first.fg, first.bold):
                text += row[x].data
                x += 1
            if text.strip():
                blank = len(text) - len(text.lstrip())
                text = text.strip()
                kind = first.fg + (" bold" if first.bold else "")
                out.append(f'<text class="{kind}" x="{margin + (start + blank) * width:.1f}" '
                           f'y="{margin + y * height + 13}" '
                           f'textLength="{len(text) * width:.1f}">{html.escape(text)}</text>')
    return out + ["</svg>"]


def main():
    how = sys.argv.pop(1) if sys.argv[1].startswith("--") else ""
    columns, lines, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    if how == "--text":
        with open(command[0], "rb") as file:
            out, status = file.read().replace(b"\n", b"\r\n"), 0
    else:
        out, status = run(columns, lines, command)
    screen = screen_of(out, columns, 1000)
    used = {(char.fg, char.bg) for row in screen.buffer.values() for char in row.values()}
    title = "otapack " + " ".join(command[1:]) + " on a terminal"
    print("\n".join(svg_of(screen, lines, title) if how == "--svg" else text_of(screen)))
    strange = sorted(fg + " on " + bg for fg, bg in used if fg not in COLOURS or bg != "default")
    if strange:
        sys.exit("screen.py: colours that are not right on light and dark: " + ", ".join(strange))
    print(status, file=sys.stderr)


main()

# SPDX-License-Identifier: Apache-2.0
# Devices that ask a server for an update, as their own code does: device_client.py COMMAND URL ...
#
#   whole URL FILE                  esp_https_ota: the file in one answer
#   parts URL FILE SIZE             the same with partial_http_download, by so many bytes
#   resumed URL FILE SIZE           the same, cut off after every so many bytes and taken up again
#   replaced URL FILE PATH OTHER    in parts, while PATH becomes OTHER by a rename, then in place
#   shared URL FILE PATH OTHER      two devices of one address, each in parts, while PATH becomes OTHER
#   crowd URL FILE PATH OTHER COUNT   that many in parts, each of its own address, while PATH does
#   begin URL FILE SIZE             the first so many bytes, after a GET of the first one for the length
#   rest URL FILE SIZE              what is behind them, or the whole file: prints which
#   slow URL FILE PATH OTHER        in one answer, while PATH is written over in place
#   ended URL FILE PID              in one answer, while the server is asked to end
#   header URL [NAME=VALUE]...      a GET with these headers: its status and headers; more after --
#   raw URL METHOD TARGET           the same as they are given
#   updater URL CORE [NAME=VALUE]...   ESPhttpUpdate (CORE: ESP8266) or HTTPUpdate (ESP32), with what
#                                   it says of itself; NAME= leaves it out; more after --. A line each:
#                                   the status, and for 200 the MD5 of what came
#   statuses URL TARGET...          a line "STATUS TARGET" for each, which is sent as it is
#   many URL FILE COUNT             that many at a time, all bytes right
#   idle URL FILE COUNT             that many that say nothing, and one that asks
#   stalled URL FILE COUNT          that many that ask and take nothing, and one that does
#   garbage URL                     requests that are none, with a good one behind each
#   endless URL                     a request of any length, and headers
#
# FILE is what is expected, byte by byte. What is not as the device needs it ends this with a message.

import hashlib
import os
import selectors
import shutil
import signal
import socket
import sys
from urllib.parse import urlsplit


def fail(message):
    sys.exit("device_client.py: " + message)


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Connection:
    """One connection, kept alive as long as the server lets it be."""

    def __init__(self, url, source=None):
        parts = urlsplit(url)
        self.path, self.host = parts.path, parts.netloc
        self.socket = socket.create_connection(
            (parts.hostname, parts.port), timeout=20, source_address=source and (source, 0))
        self.rest = b""

    def ask(self, method="GET", headers=None, target=None, version="1.1"):
        lines = [f"{method} {target or self.path} HTTP/{version}", f"Host: {self.host}",
                 "User-Agent: ESP32 HTTP Client/1.0"]
        lines = [line for line in lines if "User-Agent" not in (headers or {}) or "User-Agent" not in line]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        return self.head()

    def head(self):
        while b"\r\n\r\n" not in self.rest:
            more = self.socket.recv(65536)
            if not more:
                fail(f"the connection ended in the headers: {self.rest!r}")
            self.rest += more
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines[1:])}
        if "transfer-encoding" in headers:
            fail("the answer is chunked, and the device wants its length")
        return int(lines[0].split()[1]), headers

    def body(self, n):
        """n bytes, or fewer where the server ends."""
        while len(self.rest) < n:
            more = self.socket.recv(1 << 20)
            if not more:
                break
            self.rest += more
        got, self.rest = self.rest[:n], self.rest[n:]
        return got

    def close(self):
        self.socket.close()


# ---- esp_https_ota ------------------------------------------------------------------------------

def image_length(url, head_fails=False):
    """HEAD first; where that fails, as behind a proxy that refuses it, the first byte, which a new
    connection asks for: the length is behind the slash of Content-Range."""
    c = Connection(url)
    if not head_fails:
        status, headers = c.ask("HEAD")
        c.close()
        if status != 200:
            fail(f"{status} for HEAD")
        return int(headers["content-length"])
    status, headers = c.ask(headers={"Range": "bytes=0-0"})
    if status != 206 or headers["content-length"] != "1" or len(c.body(1)) != 1:
        fail(f"{status}, {headers} for the first byte")
    c.close()
    return int(headers["content-range"].rsplit("/", 1)[1])


def whole(url, expected):
    c = Connection(url)
    status, headers = c.ask()
    if status != 200 or int(headers["content-length"]) != len(expected):
        fail(f"{status}, {headers} for the whole file")
    if c.body(len(expected)) != expected:
        fail("the whole file has other bytes")
    c.close()


def part(c, at, size, length, last_is_length=False):
    """What a device that asks for bytes at..at+size-1 gets; the last range may end one too far."""
    end = at + size - 1 + (1 if last_is_length else 0)
    status, headers = c.ask(headers={"Range": f"bytes={at}-{end}"})
    if status != 206:
        fail(f"{status} for bytes={at}-{end}, which starts the update anew")
    n = int(headers["content-length"])
    if headers["content-range"] != f"bytes {at}-{at + n - 1}/{length}":
        fail(f"Content-Range: {headers['content-range']} for bytes={at}-{end}")
    return c.body(n)


def parts(url, expected, size, between=None, head_fails=False):
    length = image_length(url, head_fails)
    if length != len(expected):
        fail(f"a length of {length}")
    got = b""
    c = Connection(url)
    while len(got) < length:
        n = min(size, length - len(got))
        got += part(c, len(got), n, length, last_is_length=len(got) + n == length)
        if between:
            between(len(got))
    c.close()
    if got != expected:
        fail("the parts have other bytes")


def headless(url, expected, size):
    parts(url, expected, size, head_fails=True)


def resumed(url, expected, size):
    """Each connection is cut after `size` bytes, and bytes=N- goes on from there, N = 0 too."""
    got = b""
    while len(got) < len(expected):
        c = Connection(url)
        status, headers = c.ask(headers={"Range": f"bytes={len(got)}-"})
        if status != 206:
            fail(f"{status} for bytes={len(got)}-, which starts the update anew")
        if int(headers["content-length"]) != len(expected) - len(got):
            fail(f"Content-Length: {headers['content-length']} for bytes={len(got)}-")
        got += c.body(min(size, len(expected) - len(got)))
        c.close()
    if got != expected:
        fail("what was resumed has other bytes")


# ---- Files that change --------------------------------------------------------------------------

def replaced(url, expected, path, other):
    """A device that is in the middle of a file gets the rest of that one."""
    new = read(other)

    def rename(done):
        if done == 65536:
            shutil.copy(other, path + ".new")
            os.rename(path + ".new", path)
    parts(url, expected, 65536, rename)
    whole(url, new)

    def rewrite(done):
        if done == 65536:
            with open(path, "wb") as f:
                f.write(expected)
    parts(url, new, 65536, rewrite)
    whole(url, expected)


def become(path, other):
    shutil.copy(other, path + ".new")
    os.rename(path + ".new", path)


def later(c, at, size):
    """A later part, or all where there is none any more: where it begins, and its bytes."""
    status, headers = c.ask(headers={"Range": f"bytes={at}-{at + size - 1}"})
    if status not in (200, 206):
        fail(f"{status} for a later part")
    return at if status == 206 else 0, c.body(int(headers["content-length"]))


def shared(url, expected, path, other):
    """Each gets parts of what it began with; on a connection of neither, there is no part."""
    new, first, second = read(other), Connection(url), Connection(url)
    begun = part(first, 0, 65536, len(expected))
    become(path, other)
    if begun != expected[:65536] or part(second, 0, 65536, len(new)) != new[:65536]:
        fail("the beginnings have other bytes")
    if later(first, 65536, 1000) != (65536, expected[65536:66536]):
        fail("the first one does not go on with what it began with")
    if later(second, 65536, 1000) != (65536, new[65536:66536]):
        fail("the second one does not go on with what it began with")
    if later(Connection(url), 65536, 1000) != (0, new):
        fail("a part was sent of which nobody knows the version")


def crowd(url, expected, path, other, count):
    """More than are remembered: each gets parts of what it began with, or the whole file."""
    new, devices, parts_sent = read(other), [], 0
    for i in range(count):
        devices.append(Connection(url, f"127.0.{1 + i // 250}.{1 + i % 250}"))
        part(devices[-1], 0, 1000, len(expected))
    become(path, other)
    for c in devices:
        at, got = later(c, 65536, 1000)
        if got != (expected[at:at + 1000] if at else new):
            fail("one of many got a part of another version")
        parts_sent += at > 0
    if parts_sent in (0, count):
        fail(f"{parts_sent} of {count} got a part")


def begin(url, expected, size):
    c = Connection(url)
    status, headers = c.ask(headers={"Range": "bytes=0-0"})
    if status != 206 or headers["content-range"] != f"bytes 0-0/{len(expected)}":
        fail(f"{status}, {headers} for the first byte")
    if c.body(1) + later(c, 1, size - 1)[1] != expected[:size]:
        fail("the beginning has other bytes")


def rest_of(url, expected, size):
    at, got = later(Connection(url), size, len(expected))
    if got != expected[at:]:
        fail("the rest has other bytes")
    print("the rest" if at else "the whole")


def slow(url, expected, path, other):
    c = Connection(url)
    c.ask()
    got = c.body(1000)
    with open(path, "wb") as f:
        f.write(read(other))
    got += c.body(len(expected) - 1000)
    if got != expected:
        fail("the file that was begun with was not sent whole")
    whole(url, read(other))


def ended(url, expected, pid):
    c = Connection(url)
    c.ask()
    got = c.body(1000)
    os.kill(pid, signal.SIGTERM)
    got += c.body(len(expected) - 1000)
    if got != expected:
        fail(f"{len(got)} of {len(expected)} bytes were sent before the server ended")


# ---- One request --------------------------------------------------------------------------------

def show(answer):
    status, headers = answer
    print(status)
    for name, value in headers.items():
        print(f"{name}: {value}")


def header(url, words):
    """1.0 for a header is the version of HTTP."""
    while True:
        n = words.index("--") if "--" in words else len(words)
        headers = dict(word.split("=", 1) for word in words[:n] if "=" in word)
        show(Connection(url).ask(headers=headers, version="1.0" if "1.0" in words[:n] else "1.1"))
        words = words[n + 1:]
        if not words:
            break


def raw(url, words):
    method, target, *headers = words
    show(Connection(url).ask(method, headers=dict(h.split("=", 1) for h in headers), target=target))


def statuses(url, targets):
    for target in targets:
        print(Connection(url).ask(target=target)[0], target)


UPDATER = {"STA-MAC": "5C:CF:7F:00:00:01", "AP-MAC": "5E:CF:7F:00:00:01", "free-space": "2621440",
           "sketch-size": "300000", "sketch-md5": "0" * 32, "chip-size": "4194304",
           "sdk-version": "2.2.2-dev", "mode": "sketch", "Chip-ID": "1"}


def update(url, core, words):
    said = dict(UPDATER)
    if core == "ESP32":
        said["sketch-sha256"] = "0" * 64
    said.update(word.split("=", 1) for word in words)
    headers = {f"x-{core}-{name}": value for name, value in said.items()
               if value and name != "agent"}
    headers["User-Agent"] = said.get("agent", f"{core}-http-Update")
    c = Connection(url)
    status, headers = c.ask(headers=headers, version="1.0" if core == "ESP32" else "1.1")
    if status != 200:
        print(status)
        return
    body = c.body(int(headers["content-length"]))
    md5 = hashlib.md5(body).hexdigest()
    if headers["x-md5"] != md5:
        fail(f"x-MD5: {headers['x-md5']}, and what came has {md5}")
    if said["mode"] == "sketch" and (body[0] not in (0xE9, 0x1F) or len(body) > int(said["free-space"])):
        fail(f"{len(body)} bytes, the first 0x{body[0]:02x}, which the updater refuses")
    print(status, md5)


def updater(url, words):
    core, words = words[0], words[1:]
    while True:
        n = words.index("--") if "--" in words else len(words)
        update(url, core, words[:n])
        words = words[n + 1:]
        if not words:
            break


# ---- Many, and those that mean no good ----------------------------------------------------------

def many(url, expected, count):
    """All at a time, each byte looked at."""
    waiting = selectors.DefaultSelector()
    head_room = 4096
    for _ in range(count):
        c = Connection(url)
        c.socket.sendall(f"GET {c.path} HTTP/1.1\r\nHost: {c.host}\r\n\r\n".encode())
        c.at, c.head_done = 0, False
        c.socket.setblocking(False)
        waiting.register(c.socket, selectors.EVENT_READ, c)
    view = memoryview(expected)
    left = count
    while left:
        for key, _ in waiting.select():
            c = key.data
            got = c.socket.recv(1 << 18)
            if not got:
                fail(f"one of {count} was cut off at {c.at}")
            if not c.head_done:
                c.rest += got
                if b"\r\n\r\n" not in c.rest:
                    if len(c.rest) > head_room:
                        fail("headers without end")
                    continue
                got = c.rest.split(b"\r\n\r\n", 1)[1]
                c.head_done = True
            if view[c.at:c.at + len(got)] != got:
                fail(f"one of {count} got other bytes behind {c.at}")
            c.at += len(got)
            if c.at == len(expected):
                waiting.unregister(c.socket)
                c.close()
                left -= 1


def idle(url, expected, count):
    silent = []
    for i in range(count):
        c = Connection(url)
        silent.append(c)
        if i % 3 == 1:
            c.socket.sendall(b"GET /")
        if i % 3 == 2:
            c.socket.sendall(b"GET / HTTP/1.1\r\nX-A: ")
    whole(url, expected)
    for c in silent:
        c.close()


def stalled(url, expected, count):
    silent = []
    for _ in range(count):
        silent.append(Connection(url))
        silent[-1].ask()
    whole(url, expected)
    for c in silent:
        c.close()


GARBAGE = [
    b"\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0",
    b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def garbage(url):
    for bytes_ in GARBAGE:
        c = Connection(url)
        c.socket.settimeout(1)
        answer = b""
        try:
            c.socket.sendall(bytes_)
            answer = c.socket.recv(1 << 16)
        except (ConnectionError, socket.timeout):
            pass
        c.close()
        if b" 200 " in answer.split(b"\r\n")[0] or b" 206 " in answer.split(b"\r\n")[0]:
            fail(f"{bytes_!r} was answered with {answer[:60]!r}")
        if Connection(url).ask()[0] != 200:
            fail(f"after {bytes_!r} nobody is served any more")


def endless(url):
    """Whoever sends headers without end is answered before, or hung up on."""
    for begin, piece in ((b"GET /", b"a"), (b"GET / HTTP/1.1\r\n", b"X-Y: " + b"z" * 99 + b"\r\n"),
                         (b"GET / HTTP/1.1\r\nX-Y: ", b"z"), (b"", b"\r\n")):
        c = Connection(url)
        try:
            c.socket.sendall(begin + piece * (65536 // len(piece)))
            answer = c.body(65536)
            if answer and not answer.startswith(b"HTTP/1.1 4"):
                fail(f"headers without end were answered with {answer[:60]!r}")
        except ConnectionError:
            pass
        c.close()
    if Connection(url).ask()[0] != 200:
        fail("after that nobody is served any more")


def main():
    command, url, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    if command in ("header", "raw", "statuses", "updater"):
        {"header": header, "raw": raw, "statuses": statuses, "updater": updater}[command](url, words)
    elif command in ("garbage", "endless"):
        {"garbage": garbage, "endless": endless}[command](url)
    else:
        expected = read(words[0])
        rest = [int(word) if word.isdigit() else word for word in words[1:]]
        {"whole": whole, "parts": parts, "headless": headless, "resumed": resumed, "replaced": replaced, "slow": slow,
         "ended": ended, "many": many, "idle": idle, "stalled": stalled, "shared": shared, "crowd": crowd, "begin": begin,
         "rest": rest_of}[command](url, expected, *rest)


main()

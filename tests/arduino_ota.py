# SPDX-License-Identifier: Apache-2.0
#
# Stand-ins for devices that run ArduinoOTA, on loopback:
#
#     arduino_ota.py FOLDER NAME...
#
# Each NAME is a row of DEVICES; else it plays all. Prints "NAME PORT" for each once all of them listen,
# "free PORT" and "ready", then plays them until standard input ends. A device writes what it took to FOLDER/NAME.took, and a line for each
# thing that happened to it to FOLDER/NAME.log. Written from what the cores do: the states of their
# ArduinoOTA.cpp, the challenges, and what Updater.cpp says of a file.
import hashlib
import socket
import sys
import threading
import time

PASSWORD = "ein Pässwort:1"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# What a core stores of a password, asks with, and wants to hear.
class NoPassword:
    stored = nonce = None


class Md5Password:
    stored = md5(PASSWORD)

    def nonce(self):
        return md5(str(time.monotonic_ns()))

    def wants(self, nonce, cnonce):
        return md5(f"{self.stored}:{nonce}:{cnonce}") if len(cnonce) == 32 else None


class Sha256Password:
    stored = sha256(PASSWORD)

    def nonce(self):
        return sha256(str(time.monotonic_ns()))

    def wants(self, nonce, cnonce):
        key = hashlib.pbkdf2_hmac("sha256", self.stored.encode(), f"{nonce}:{cnonce}".encode(), 10000)
        return sha256(f"{key.hex()}:{nonce}:{cnonce}") if len(cnonce) == 64 else None


class Sha256OfMd5(Sha256Password):
    stored = md5(PASSWORD)


class Device:
    def __init__(self, folder, name, password=NoPassword, early_ok=True, answer=None, room=None,
                 **faults):
        self.folder, self.name, self.password = folder, name, password()
        self.early_ok = early_ok  # the ESP32's says OK before it begins, the ESP8266's behind it
        self.answer, self.room, self.faults = answer, room, faults
        self.attempts = 0
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.state = "idle"

    def log(self, text):
        with open(f"{self.folder}/{self.name}.log", "a") as f:
            f.write(text + "\n")

    def run(self):
        while True:
            line, who = self.udp.recvfrom(2048)
            try:
                self.datagram(line, who)
            except OSError as error:
                self.log(f"error {error}")
                self.state = "idle"

    def send(self, text, who):
        self.udp.sendto(text if isinstance(text, bytes) else text.encode(), who)

    def datagram(self, line, who):
        words = line.decode("latin-1").rstrip("\n").split(" ")
        if self.answer is not None:
            self.log("heard")
            return self.answer and self.send(self.answer, who)
        if self.state == "idle":
            if words[0] not in ("0", "100") or len(words) != 4 or len(words[3]) != 32:
                return
            self.attempts += 1
            self.command, self.port, self.size = int(words[0]), int(words[1]), int(words[2])
            self.md5, self.udp_who = words[3], who
            self.log(f"invited {self.command} to {self.port}, {self.size} bytes")
            if self.password.stored:
                self.number = self.password.nonce()
                self.state = "wait"
                return self.send(f"AUTH {self.number}", who)
            return self.update()
        # Whatever else comes while it waits sends it back to the beginning, without a word.
        self.state = "idle"
        if words[0] != "200" or len(words) != 3:
            return
        wanted = self.password.wants(self.number, words[1])
        self.log(f"response {len(words[2])}")
        if wanted is None or len(wanted) != len(words[2]):
            return
        if wanted != words[2]:
            return self.send("Authentication Failed", self.udp_who)
        self.update()

    def update(self):
        fits = self.room is None or self.size <= self.room
        if not fits and not self.early_ok:
            return self.send("ERR: ERROR[4]: Not Enough Space\n", self.udp_who)
        if self.faults.get("never_ok"):
            return
        self.send("OK", self.udp_who)
        if not fits or self.faults.get("no_connection"):
            return
        if self.faults.get("strangers"):
            self.send_strangers()
        with socket.socket() as tcp:
            tcp.connect(("127.0.0.1", self.port))
            self.take(tcp)

    # Others on the same machine, from another address, who are sent away at once.
    def send_strangers(self):
        for _ in range(3):
            with socket.socket() as stranger:
                stranger.bind(("127.0.0.2", 0))
                stranger.connect(("127.0.0.1", self.port))
                stranger.settimeout(0.9)
                if stranger.recv(1) != b"":
                    self.log("a stranger was sent something")

    def reached(self, fault, got):
        return fault in self.faults and len(got) >= self.faults[fault]

    def take(self, tcp):
        got = b""
        while len(got) < self.size:
            piece = self.faults.get("piece", 1460)
            data = tcp.recv(piece)
            if not data:
                return self.log("cut off")
            got += data
            if self.reached("cut_at", got) and self.attempts <= self.faults.get("cuts", 99):
                return self.log("hung up")
            if self.reached("stops_at", got):
                return time.sleep(30)
            if self.reached("says_at", got):
                return tcp.sendall(self.faults["says"])
            time.sleep(self.faults.get("pause", 0))
            if "floods" in self.faults:
                tcp.sendall(b"1460" * 5000)
            tcp.sendall(str(len(data)).encode())
        if "no_verdict" in self.faults:
            return time.sleep(self.faults["no_verdict"])
        end = time.monotonic() + self.faults.get("counts_on", 0)
        while time.monotonic() < end:
            tcp.sendall(b"1")
            time.sleep(0.05)
        if hashlib.md5(got).hexdigest() != self.md5:
            return tcp.sendall(b"ERROR[7]: MD5 verification failed\n")
        if "verdict" in self.faults:
            for part in self.faults["verdict"]:
                tcp.sendall(part)
                time.sleep(0.05)
            return
        with open(f"{self.folder}/{self.name}.took", "wb") as f:
            f.write(got)
        self.log(f"took command {self.command}")
        tcp.sendall(b"OK")


DEVICES = {
    "esp8266": dict(early_ok=False),
    "esp8266-password": dict(early_ok=False, password=Md5Password, piece=1000),
    "esp8266-full": dict(early_ok=False, room=100),
    "esp32": dict(),
    "esp32-old-password": dict(password=Md5Password),
    "esp32-password": dict(password=Sha256Password),
    "esp32-password-of-md5": dict(password=Sha256OfMd5),
    "esp32-full": dict(room=100),
    "silent": dict(answer=b""),
    "garbage": dict(answer=bytes(range(256)) * 4),
    "html": dict(answer=b"HTTP/1.0 400 Bad Request\r\n"),
    "odd-number": dict(answer=b"AUTH " + b"5" * 40),
    "wrong-number": dict(answer=b"AUTH " + b"\x1b[31mzz" * 8),
    "long-number": dict(answer=b"AUTH " + b"5" * 1500),
    "never-ok": dict(never_ok=True),
    "no-connection": dict(no_connection=True),
    "strangers": dict(strangers=True),
    "cut-once": dict(cut_at=3000, cuts=1),
    "cut-always": dict(cut_at=1),
    "stops": dict(stops_at=1),
    "slow": dict(pause=0.15),
    "small-pieces": dict(piece=7),
    "floods": dict(floods=True),
    "counts-on": dict(counts_on=15),
    "no-verdict": dict(no_verdict=30),
    "hangs-up-at-the-end": dict(no_verdict=0.01),
    "says-ok-early": dict(says_at=1, says=b"1460OK"),
    "refuses-midway": dict(says_at=1, says=b"1460ERROR[10]: Magic byte is not 0xE9\n"),
    "refuses-without-an-end": dict(verdict=[b"Not Enough", b" Space"]),
    "refuses-at-length": dict(verdict=[b"\x1b[31mX" * 400]),
    "refuses-signature": dict(verdict=[b"ERROR[12]: Signature verification failed\n"]),
    "ok-in-pieces": dict(verdict=[b"12", b"O", b"K"]),
}

devices = [Device(sys.argv[1], name, **DEVICES[name]) for name in sys.argv[2:] or DEVICES]
for device in devices:
    threading.Thread(target=device.run, daemon=True).start()
    print(device.name, device.udp.getsockname()[1])
with socket.socket() as tcp:
    tcp.bind(("127.0.0.1", 0))
    print("free", tcp.getsockname()[1])
print("ready", flush=True)
sys.stdin.buffer.read()

# SPDX-License-Identifier: Apache-2.0
# serve, where a person looks on: how far a transfer has come, in a line that goes again; nothing of
# that where nobody does (which serve-ota.sh sees).
. "$SOURCE/tests/serve-lib.sh"

"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || skip 'there are no terminals here'
export TERM=xterm
an_app app.bin
esp_grow app.bin 9000000
text_to watch.py <<'END'
import os, pty, re, socket, subprocess, sys, time
master, slave = pty.openpty()
server = subprocess.Popen([sys.argv[1], "serve", "app.bin", "--port", "0", "--once"],
                          stdout=subprocess.PIPE, stderr=slave)
os.close(slave)
url = server.stdout.readline().decode().strip()
# With little room for what is under way, so that the server has to wait for who reads.
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
client.connect(("127.0.0.1", int(re.search(r":(\d+)/", url).group(1))))
client.sendall(b"GET /app.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
got = 0
asleep_at = 0
while True:
    piece = client.recv(1 << 16)
    if not piece:
        break
    got += len(piece)
    if got > asleep_at:
        asleep_at = got + 1000000
        time.sleep(0.12)  # so that there is something to look at
log = server.stdout.read().decode()
if server.wait() != 0 or f" 200 {os.path.getsize('app.bin')}\n" not in log:
    sys.exit(f"it ended with {server.returncode}, and this log: {log}")
seen = b""
try:
    while True:
        seen += os.read(master, 65536)
except OSError:
    pass
lines = seen.decode().split("\r")
shown = [int(m.group(1)) for m in (re.match(r"app\.bin to 127\.0\.0\.1  \[[# ]*\] +(\d+)%  \d+ KiB *$", line) for line in lines) if m]
if len(shown) < 2 or shown != sorted(shown) or shown[-1] > 100:
    sys.exit(f"this was shown: {lines}")
if lines[-1] != "" or lines[-2].strip() != "":
    sys.exit(f"the line stays: {lines[-2:]}")
END
"$PYTHON" -ISB watch.py "$OTAPACK" || {
    case $("$OTAPACK" serve app.bin --timeout 1 --port 0 2>&1) in *'built without'*) skip 'no libmicrohttpd' ;; esac
    fail 'what is shown on a terminal is wrong'
}

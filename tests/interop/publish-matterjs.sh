# SPDX-License-Identifier: Apache-2.0
# publish.sh gets an ID from matterjs-server's WebSocket and sends the image there: a server that
# stands in for it, written from its documentation (schema 13), takes both apart.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/server-lib.sh"
need curl python3

cp "$FIXTURES/matter/good-signed.bin" light.ota
cp "$FIXTURES/matter/good.bin" other.ota 2>/dev/null || cp light.ota other.ota
expect_exit 0 otapack publish light.ota other.ota --to matterjs-server -o up

# It speaks of itself at first, in a frame with a longer length and in two pieces, and of an event
# with another number, before it answers. An ID is good once.
cat >server.py <<'END'
import base64, hashlib, http.server, json, secrets, struct, sys

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ids = set()

def frame(payload, opcode=1, final=True):
    n = len(payload)
    length = bytes([n]) if n < 126 else b"\x7e" + struct.pack(">H", n) if n < 65536 else b"\x7f" + struct.pack(">Q", n)
    return bytes([opcode | (128 if final else 0)]) + length + payload

class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/plain"):
            self.answer(200, {})
            return
        key = self.headers["Sec-WebSocket-Key"]
        if self.headers["Upgrade"] != "websocket" or len(base64.b64decode(key)) != 16:
            self.answer(400, {})
            return
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        self.send_response(101)
        for name, value in ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept):
            self.send_header(name, value)
        self.end_headers()
        said = json.dumps({"fabric_id": 1, "schema_version": 13, "sdk_version": "x" * 300}).encode()
        self.wfile.write(frame(said[:200], 1, False) + frame(b"", 9) + frame(said[200:], 0))
        head = self.rfile.read(2)
        if head[0] != 0x81 or not head[1] & 128:
            return
        mask = self.rfile.read(4)
        asked = json.loads(bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(head[1] & 127))))
        if asked["command"] != "initiate_ota_upload" or asked["args"] != {}:
            return
        answer = {"message_id": asked["message_id"], "error_code": 101, "details": "OTA is disabled"}
        if not self.path.startswith("/disabled"):
            ticket = secrets.token_hex(16)
            ids.add(ticket)
            answer = {"message_id": asked["message_id"], "result": {"upload_id": ticket, "expires_in": 60}}
        self.wfile.write(frame(json.dumps({"event": "node_updated"}).encode()) + frame(json.dumps(answer).encode()))
        self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ticket = self.path.rpartition("/")[2]
        good = ticket in ids and self.path == "/ota-upload/" + ticket
        ids.discard(ticket)
        if good:
            with open("taken", "a") as f:
                f.write(hashlib.sha256(body).hexdigest() + "\n")
        self.answer(200 if good else 400, {})

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
END
free_port
serve python3 server.py "$PORT"

expect_exit 0 sh up/publish.sh "http://127.0.0.1:$PORT"
printf 'light.ota: uploaded\nother.ota: uploaded\n' | cmp - out
printf '%s\n' "$(sha256_of light.ota)" "$(sha256_of other.ota)" | cmp - taken

# By --run; and a server that has no uploads, or is none, ends it.
expect_exit 0 otapack publish light.ota --to matterjs-server -o up -q --run "http://127.0.0.1:$PORT/"
for where in disabled plain; do
    rm -f taken
    expect_exit 2 otapack publish light.ota --to matterjs-server -o up -q --run "http://127.0.0.1:$PORT/$where"
    expect_err 'publish\.sh: ended with status 1; '
    [ ! -e taken ] || fail "something was sent to /$where"
done
expect_err '/plain/ws: no WebSocket there: HTTP/1\.1 200 OK'
expect_exit 2 otapack publish light.ota --to matterjs-server -o up -q --run "http://127.0.0.1:$PORT/disabled"
expect_err 'gives no ID to upload with: OTA is disabled'

# SPDX-License-Identifier: Apache-2.0
# publish.sh asks hawkBit and ThingsBoard as their documentation has it: a server that stands in for
# them takes each request apart, and answers as they do. Passwords and tokens come from files.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/server-lib.sh"
need curl jq python3

cp "$FIXTURES/matter/good-signed.bin" light.ota
expect_exit 0 otapack publish light.ota --to hawkbit -o hawkbit
expect_exit 0 otapack publish light.ota --to thingsboard -o thingsboard --id profile

# Each POST is a file: requests/N.json, with its path, the headers and the parts of its body.
cat >server.py <<'END'
import base64, email, hashlib, http.server, json, sys, urllib.parse

class Server(http.server.BaseHTTPRequestHandler):
    count = 0

    def do_GET(self):
        self.answer(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        parts = {}
        if kind.startswith("multipart/form-data"):
            whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\n\n" + body)
            for part in whole.get_payload():
                name = part.get_param("name", header="content-disposition")
                parts[name] = hashlib.sha256(part.get_payload(decode=True)).hexdigest() \
                    if name == "file" else part.get_payload()
        url = urllib.parse.urlparse(self.path)
        Server.count += 1
        with open(f"requests/{Server.count}.json", "w") as out:
            json.dump({"path": url.path, "query": urllib.parse.parse_qs(url.query),
                       "authorization": self.headers["Authorization"],
                       "token": self.headers["X-Authorization"], "parts": parts,
                       "json": json.loads(body) if kind == "application/json" else None}, out)
        self.answer(403 if url.path.startswith("/refuse") else 201 if url.path.startswith("/rest") else 200,
                    [{"id": 17, "name": "x"}] if url.path.endswith("/softwaremodules") else
                    {"id": {"entityType": "OTA_PACKAGE", "id": "package-1"}})

    def answer(self, status, value):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Server).serve_forever()
END
free_port
mkdir requests secrets
serve python3 server.py "$PORT"
sha256=$(sha256_of light.ota)
asked() { # asked N FILTER
    jq -e --arg sha256 "$sha256" "$2" "requests/$1.json" >/dev/null ||
        fail "request $1 is another: $(<"requests/$1.json")"
}

printf 'machine 127.0.0.1 login admin password secret\n' >secrets/netrc
expect_exit 0 sh hawkbit/publish.sh "http://127.0.0.1:$PORT" secrets/netrc
out_is 'light.ota: software module 17'
asked 1 '.path == "/rest/v1/softwaremodules" and .json[0].version == "1.4.2" and .json[0].type == "os" and
    (.authorization | startswith("Basic "))'
asked 2 '.path == "/rest/v1/softwaremodules/17/artifacts" and .parts.filename == "light.ota" and
    .parts.file == $sha256 and .parts.sha256sum == $sha256 and (.parts.md5sum | length) == 32'

printf 'X-Authorization: Bearer token\n' >secrets/header
expect_exit 0 sh thingsboard/publish.sh "http://127.0.0.1:$PORT" secrets/header
out_is 'light.ota: OTA package package-1'
asked 3 '.path == "/api/otaPackage" and .token == "Bearer token" and .json.title == "demo_app" and
    .json.deviceProfileId.id == "profile"'
asked 4 '.path == "/api/otaPackage/package-1" and .query.checksum == [$sha256] and
    .query.checksumAlgorithm == ["SHA256"] and .parts.file == $sha256 and .token == "Bearer token"'

# The same by --run, which says how it ended.
cd secrets
expect_exit 0 otapack publish ../light.ota --to hawkbit -o ../hawkbit -q --run "http://127.0.0.1:$PORT" --run netrc
out_is 'light.ota: software module 17'
expect_exit 2 otapack publish ../light.ota --to hawkbit -o ../hawkbit -q --run "http://127.0.0.1:$PORT/refuse" \
    --run netrc
expect_err '^otapack: \.\./hawkbit/publish\.sh: ended with status [1-9][0-9]*; '
cd ..
asked 5 '.path == "/rest/v1/softwaremodules"'
expect_exit 2 otapack publish light.ota --to folder -o www --run x
expect_err 'asks no server.*; leave out --run$'
[ ! -e www ] || fail 'something was written'

# A server that refuses ends it.
status=0
sh hawkbit/publish.sh "http://127.0.0.1:$PORT/refuse" secrets/netrc >out 2>err || status=$?
[ "$status" -ne 0 ] || fail 'what a server refuses passes'
no_out

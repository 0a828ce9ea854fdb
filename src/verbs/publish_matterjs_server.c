// SPDX-License-Identifier: Apache-2.0
//
// matterjs-server takes an image by POST, for an ID that it gives over its WebSocket (schema 13
// on): good for one image, for a minute, and for the address that asked for it. The other server's
// folder would do as well, where test images are enabled; it deletes from there what it has taken.
#include "kinds.h"
#include "publish_script.h"

static bool add(struct publishing *p, const struct published *f)
{
    publish_step(p, "upload %s", f->name);
    return publish_copy(p, f, f->name);
}

// Two frames of a WebSocket need no library: ours is masked with zeros, and the answer is the one
// with our number. What it says of itself comes first.
#define TICKET                                                                                     \
    "ticket() { # prints the ID for one upload\n"                                                  \
    "    python3 - \"$server\" <<'END'\n"                                                          \
    "import json, socket, ssl, struct, sys, urllib.parse\n\n"                                      \
    "url = urllib.parse.urlparse(sys.argv[1])\n"                                                   \
    "secure = url.scheme == 'https'\n"                                                             \
    "port = url.port or (443 if secure else 80)\n"                                                 \
    "try:\n"                                                                                       \
    "    s = socket.create_connection((url.hostname, port), 30)\n"                                 \
    "    if secure:\n"                                                                             \
    "        s = ssl.create_default_context().wrap_socket(s, server_hostname=url.hostname)\n"      \
    "except OSError as e:\n"                                                                       \
    "    sys.exit(f'{sys.argv[1]}: {e}')\n"                                                        \
    "f = s.makefile('rwb')\n"                                                                      \
    "f.write(f'GET {url.path.rstrip(\"/\")}/ws HTTP/1.1\\r\\nHost: {url.netloc}\\r\\n'\n"          \
    "        'Connection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\n'\n" \
    "        'Sec-WebSocket-Key: b3RhcGFjayBwdWJsaXNoLg==\\r\\n\\r\\n'.encode())\n"                \
    "f.flush()\n"                                                                                  \
    "status = f.readline().decode('latin-1').split(' ', 2)\n"                                      \
    "if status[1:2] != ['101']:\n"                                                                 \
    "    sys.exit(f'{sys.argv[1]}/ws: no WebSocket there: {\" \".join(status).strip()}')\n"        \
    "while f.readline().strip():\n"                                                                \
    "    pass\n"                                                                                   \
    "asked = {'message_id': '1', 'command': 'initiate_ota_upload', 'args': {}}\n"                  \
    "text = json.dumps(asked).encode()\n"                                                          \
    "f.write(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)\n"                                \
    "f.flush()\n"                                                                                  \
    "whole = b''\n"                                                                                \
    "while True:\n"                                                                                \
    "    head = f.read(2)\n"                                                                       \
    "    if len(head) < 2 or head[0] & 15 == 8:\n"                                                 \
    "        sys.exit(f'{sys.argv[1]}/ws: ended before it answered')\n"                            \
    "    n = head[1] & 127\n"                                                                      \
    "    n = n if n < 126 else struct.unpack('>H', f.read(2))[0] if n == 126 else \\\n"            \
    "        struct.unpack('>Q', f.read(8))[0]\n"                                                  \
    "    whole += f.read(n) if head[0] & 15 < 2 else f.read(n)[n:]\n"                              \
    "    if head[0] < 128 or head[0] & 15 > 1:\n"                                                  \
    "        continue\n"                                                                           \
    "    answer, whole = json.loads(whole), b''\n"                                                 \
    "    if answer.get('message_id') == '1':\n"                                                    \
    "        break\n"                                                                              \
    "if 'result' not in answer:\n"                                                                 \
    "    sys.exit(f'{sys.argv[1]}: gives no ID to upload with: {answer.get(\"details\")}')\n"      \
    "print(answer['result']['upload_id'])\n"                                                       \
    "END\n"                                                                                        \
    "}\n\n"

static bool end(struct publishing *p)
{
    return publish_script(
        p,
        &(struct publish_script){
            .tools = "python3 and curl",
            .call = "sh publish.sh http://localhost:5580",
            .words =
                "server=${1:?is where the server is: http://localhost:5580}\nserver=${server%/}\n",
            .body = TICKET "upload() { # upload FILE\n"
                           "    id=$(ticket)\n"
                           "    curl -fsS -H 'Content-Type: application/octet-stream' \\\n"
                           "        --data-binary \"@$1\" \"$server/ota-upload/$id\" >/dev/null\n"
                           "    printf '%s: uploaded\\n' \"$1\"\n"
                           "}\n\n"});
}

const struct publish_target publish_matterjs_server = {
    .topic = {"matterjs-server", "images for matterjs-server, and their upload"},
    .writes = true,
    .script = true,
    .fits = is_matter,
    .what = "Matter OTA images",
    .add = add,
    .end = end};

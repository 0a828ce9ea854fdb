# SPDX-License-Identifier: Apache-2.0
# serve: what passes the checks is served, and nothing else; no path leads out of the folder.
. "$SOURCE/tests/sign-lib.sh"
. "$SOURCE/tests/serve-lib.sh"

mkdir www www/sub www/.hidden outside
an_app www/app.bin
cp www/app.bin "www/sub/an app.bin"
cp www/app.bin www/.hidden/app.bin
cp www/app.bin outside/secret.bin
cp "$FIXTURES/esp_image/bad-esp-hash.bin" www/bad.bin
echo 'not for devices' >www/notes.txt
ln -s ../outside/secret.bin www/link.bin
ln -s ../outside www/folder
ln -s app.bin www/same.bin
serve www

# is STATUS TARGET...: that is answered to each, as it is sent.
is() {
    local status=$1
    shift
    device statuses "$URL" "$@" >out
    [ "$(grep -c "^$status " out)" -eq $# ] || { cat said >&2; fail "not all are answered with $status"; }
}
is 200 /app.bin '/app.bin?a=b' //app.bin /sub/an%20app.bin /same.bin http://host/app.bin
is 404 / /missing.bin /sub /../outside/secret.bin /%2e%2e/outside/secret.bin \
    /sub/../../outside/secret.bin /..%2foutside/secret.bin '/..\outside\secret.bin' \
    /%2e%2e%5coutside%5csecret.bin "$PWD/outside/secret.bin" "/$PWD/outside/secret.bin" /link.bin \
    /folder/secret.bin /.hidden/app.bin /%2ehidden/app.bin /app.bin%00 /app.bin/x /%c0%ae%c0%ae/x \
    /bad.bin /notes.txt
expect_said '^otapack: /bad\.bin from 127\.0\.0\.1: 404: www/bad\.bin: .+; .+ \[esp-hash\]$'
expect_said '^otapack: /link\.bin .* leads out of the folder; '
expect_said '^otapack: /missing\.bin .*: www/missing\.bin: cannot open: No such file'
expect_said '^otapack: /notes\.txt '
[ "$(grep -c '" 404 14$' log)" -eq 20 ] || fail 'the log lacks some'

# What is mended is served, and what breaks is not any more.
cp www/app.bin www/bad.bin
is 200 /bad.bin
cp "$FIXTURES/esp_image/bad-esp-hash.bin" www/bad.bin
is 404 /bad.bin
stop

# Files by their own names; a failed check can be allowed; without words.
cp "$FIXTURES/esp_image/bad-esp-hash.bin" bad.bin
serve www/app.bin bad.bin --allow esp-hash --quiet
is 200 /app.bin /bad.bin
is 404 /www/app.bin /notes.txt
[ "$(grep -vc 'esp-hash' said)" -eq 0 ] || fail 'it was to say nothing'
stop

# A list is served with its files, of a folder that has both.
serve "$FIXTURES/manifest" "$FIXTURES/manifest/good-sums.txt" --quiet
is 200 /good-update.json /good-sums.txt /app.bin
stop
serve "$FIXTURES/manifest/good-update.json" "$FIXTURES/manifest/app.bin"
is 200 /app.bin /good-update.json
stop
serve "$FIXTURES/manifest/good-update.json"
is 404 /good-update.json
expect_said '^otapack: .*/good-update\.json: is a list, and the files that it names are not served with it; serve the folder '
stop

# What does not fit the devices' partition table is not served.
pt_table small 1 2 0x9000 0x4000 nvs 1 0 0xd000 0x2000 otadata 0 16 0x10000 0x10000 ota_0 \
    0 17 0x20000 0x10000 ota_1
serve www --partition-table small
is 404 /app.bin
stop

# A file that was named is judged at the start.
serve bad.bin www/app.bin
expect_said '^otapack: bad\.bin: .*; .* \[esp-hash\]$'
count_lines said
[ "$count" -eq 1 ] || fail 'more was said'
stop

# Only what is signed, and by this key.
take_key rsa3072-a rsa3072-b
unsigned good-rsa3072.bin www/unsigned.bin
otapack sign www/unsigned.bin --key rsa3072-a.pem -o www/ours.bin
otapack sign www/unsigned.bin --key rsa3072-b.pem -o www/theirs.bin
expect_exit 0 otapack key public rsa3072-a.pem -o public.pem
serve www --key public.pem
is 200 /ours.bin
is 404 /theirs.bin /unsigned.bin /notes.txt
expect_said '^otapack: /theirs\.bin from .*: 404: www/theirs\.bin: .'
stop
serve www --require-signed
is 200 /theirs.bin
is 404 /unsigned.bin
stop

# Only what a policy lets through, by whatever verify has an option for. What a baseline is needed
# for is left out without one, and said to be.
policy() { printf '%s\n' 'otapack: 1' "$@" >policy.yaml; }
mkdir releases
cp www/ours.bin www/app.bin releases
policy 'key: public.pem'
serve releases --policy policy.yaml
is 200 /ours.bin
is 404 /app.bin
stop
policy 'expect: [desc.version = 1.0, nowhere = 1]'
serve releases --policy policy.yaml --quiet
is 404 /app.bin /ours.bin
stop
policy 'expect: [desc.version = 1.0]'
serve releases --policy policy.yaml
is 200 /app.bin
is 404 /ours.bin
expect_said '^otapack: /ours\.bin from .*: 404: releases/ours\.bin: expected desc\.version = 1\.0, '
stop
policy 'baseline: required' 'rules: {version: newer}'
serve releases --policy policy.yaml
is 200 /app.bin /ours.bin
expect_said '^otapack: policy\.yaml: note: .* --baseline '
stop
an_app newer.bin 2.0
serve releases newer.bin --policy policy.yaml --baseline releases/app.bin
is 200 /newer.bin
is 404 /app.bin
expect_said '^otapack: /app\.bin from .*: 404: .* \[policy-version\]$'
stop

# What it could not be asked of is not offered; a line has all that is against a file.
cp "$FIXTURES/esp_encrypted_img/good-rsa.bin" closed.bin
policy 'expect: [content.chip = esp32c6, chip]' 'rules: {version: newer, chip: same}'
serve closed.bin releases --policy policy.yaml --baseline newer.bin
is 404 /closed.bin /app.bin
expect_said '^otapack: /closed\.bin from .*: 404: closed\.bin: .*; also against it: expect, policy-version, policy-chip$'
expect_said '^otapack: /app\.bin from .*: 404: .*; also against it: policy-version$'
stop
policy 'verzion: 1'
expect_exit 2 otapack serve releases --policy policy.yaml --port 0 --timeout 1
expect_one_line_err
policy 'baseline: newer.bin'
expect_exit 2 otapack serve releases --policy policy.yaml --port 0 --timeout 1
expect_err 'no rule in it looks at a baseline; '

# What cannot be kept for them is the server's fault, and comes as soon as it can be.
serve_as '' env TMPDIR="$PWD/temporary" "$OTAPACK" serve www --port 0
is 500 /app.bin
expect_said '^otapack: /app\.bin from .*: 500: www/app\.bin: .* folder for temporary files'
mkdir temporary
is 200 /app.bin
stop

# What cannot be served.
expect_exit 2 otapack serve missing
expect_one_line_err
expect_err '^otapack: missing: cannot serve it: No such file'
expect_exit 2 otapack serve
expect_exit 2 otapack serve www/app.bin "www/sub/../app.bin"
expect_err 'has the same name'
cp www/app.bin a:b.bin
expect_exit 2 otapack serve www a:b.bin --port 0 --timeout 1
expect_err '^otapack: a:b\.bin: no device could ask for a file of this name; '
expect_exit 2 otapack serve www --bind nowhere --port 0
expect_err '^otapack: --bind nowhere: is no address; '
expect_exit 2 otapack serve www --bind 192.0.2.1 --port 0
expect_err '^otapack: --bind 192\.0\.2\.1: is no address of this machine; '
expect_exit 2 otapack serve www --port 70000
expect_err '^otapack: --port 70000: '
expect_exit 2 otapack serve www --port 0 --timeout 0
expect_err '^otapack: --timeout 0: write a number from 1 to 604800$'
expect_exit 2 otapack serve www --tls-cert public.pem
expect_err 'belong together'
expect_exit 2 otapack serve www --tls-cert public.pem --tls-key public.pem --port 0
expect_err '^otapack: --tls-cert, --tls-key: no server starts with these; '
serve www
port=${URL%/}
expect_exit 2 otapack serve www --port "${port##*:}"
expect_err 'something listens there already; '

# For scripts: one whole file, and a time.
serve_as one "$OTAPACK" serve www --port 0 --once --timeout 30
device header "${URL}app.bin" Range=bytes=0-0 >out
device whole "${URL}app.bin" www/app.bin
ended=0
wait "$SERVER" || ended=$?
[ "$ended" -eq 0 ] || fail "--once ended with $ended"
expect_exit 1 otapack serve www --port 0 --once --timeout 1
expect_one_line_err
expect_err '^otapack: nobody fetched a whole file before the time was over'
expect_exit 0 otapack serve www --port 0 --timeout 1

# SPDX-License-Identifier: Apache-2.0
#
# What is otherwise on Windows: drives and backslashes, lines that end in CR LF, names in other scripts,
# files that are open when they are replaced. Run by run-cli.sh, with OTHER in the environment: a
# command that runs otapack.exe, under Wine.
. "$SOURCE/tests/cli-lib.sh"

[ -x "${OTHER-}" ] || fail 'OTHER is no program'
windows() { "$OTHER" "$@"; }
here="Z:$(pwd | tr / '\\')" # Wine's drive Z: is this system's root
keys=$FIXTURES/keys
mkdir folder
cp "$FIXTURES/esp_image/good-app-esp32c6-idf53.bin" app.bin

# no_leftovers: nothing lies about that was to go.
no_leftovers() {
    [ -z "$(find . -name '.otapack-*' -o -name '*.otapack-old')" ] || fail "left: $(find . -name '*otapack-*')"
}

# ---- Paths in recipes, and lines that end in CR LF ----------------------------------------------

printf '%s\r\n' 'otapack: 1' 'output: new\out.bin' 'matter:' '  vendor_id: 0xFFF1' \
    '  product_id: 0x8000' '  software_version: 3' '  software_version_string: "1.4.2"' \
    'app: ..\app.bin' >folder/recipe.yaml
tr -d '\r' <folder/recipe.yaml | tr '\\' / >folder/linux.yaml
mkdir folder/new
expect_exit 0 otapack build -q folder/linux.yaml -o wanted.bin
for recipe in 'folder\recipe.yaml' folder/recipe.yaml "$here\\folder\\recipe.yaml"; do
    rm -f folder/new/out.bin
    expect_exit 0 windows build -q "$recipe"
    same wanted.bin folder/new/out.bin
done
expect_exit 0 windows build -q "$here\\folder\\recipe.yaml" -o "$here\\folder\\other.bin" \
    -D 'unused=C:\x'
same wanted.bin folder/other.bin
sed 's/app: .*/app: no\\such.bin\r/' folder/recipe.yaml >folder/wrong.yaml
expect_exit 2 windows build -q 'folder\wrong.yaml'
grep -q '^otapack: folder\\wrong.yaml:8:6: app: folder\\no\\such.bin: cannot open: No such file' err ||
    fail 'a part that is missing is not named as the recipe and its line have it'
expect_exit 0 windows build -q 'folder\recipe.yaml' --depfile folder/x.d
grep -qF 'folder\..\app.bin' folder/x.d || fail 'the depfile has other paths'

sed 's/$/\r/' "$FIXTURES/partition_csv/good-rcp.csv" >table.csv
expect_exit 0 windows inspect --json table.csv
mv out table.json
expect_exit 0 otapack inspect --json table.csv
same out table.json

# ---- Messages and exit statuses -----------------------------------------------------------------

expect_exit 2 windows verify 'C:\no\such.bin'
[ "$(cat err)" = 'otapack: C:\no\such.bin: cannot open: No such file or directory; check the path' ] ||
    fail 'the message about a path on a drive'
expect_exit 2 windows verify folder
grep -q '^otapack: folder: is a folder; name a file in it' err || fail 'a folder is not said to be one'
expect_exit 2 windows verify NUL
grep -q '^otapack: NUL: is a device' err || fail 'NUL is no device'
expect_exit 2 windows nonsense
expect_exit 1 windows verify "$FIXTURES/esp_image/bad-esp-checksum.bin"
expect_exit 0 windows verify 'folder\..\app.bin'

# ---- Names in other scripts ---------------------------------------------------------------------

name='Größe 名前.bin'
cp app.bin "folder/$name"
expect_exit 0 windows verify "folder\\$name"
grep -qF "folder\\$name: ESP32-C6 app" out || fail 'the name is not shown as it is'
expect_exit 0 windows sign -q "folder\\$name" --key "$keys/ecdsa-p256-a.pem" -o "$name"
[ -f "$name" ] || fail 'a file is not written under its name'
expect_exit 0 otapack verify "$name" --key "$keys/ecdsa-p256-a.pub.pem"
sed 's/output: .*/output: ${NAME}.bin\r/' folder/recipe.yaml >folder/named.yaml
NAME='üb' expect_exit 0 windows build -q folder/named.yaml
same wanted.bin folder/'üb.bin'

# ---- Bytes through pipes and files --------------------------------------------------------------

windows build -q folder/recipe.yaml -o - >piped.bin </dev/null || fail 'no output into a pipe'
same wanted.bin piped.bin
expect_exit 0 windows verify - <app.bin
cat wanted.bin | windows inspect - --get software_version >out || fail 'a pipe cannot be read'
[ "$(cat out)" = 3 ] || fail 'bytes change on their way in'
[ "$(od -An -tx1 out | tr -d ' \n')" = 330a ] || fail 'lines end in CR LF'

# ---- A passphrase that is typed -----------------------------------------------------------------

cat >typist.py <<'EOF'
"""typist.py TYPED COMMAND...: runs it on a terminal of its own, types when it is asked, and prints
what the terminal was sent, without its escape sequences, and the exit status."""
import os, pty, re, select, sys, termios

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown, typed, got = b"", False, b" "
while got:
    got = b" "
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            got = os.read(terminal, 4096)
        except OSError:
            got = b""
        shown += got
    # Until Wine has made a console of it, the terminal itself shows what is typed.
    asked = b"passphrase" in shown and b":" in shown
    if got and asked and not typed and not termios.tcgetattr(terminal)[3] & termios.ECHO:
        typed = os.write(terminal, sys.argv[1].encode() + b"\r") > 0
sys.stdout.buffer.write(re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown))
print("\nexit status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
passphrase=$(<"$keys/passphrase.txt")
for typed in "$passphrase" "not-$passphrase"; do
    expect_exit 0 python3 typist.py "$typed" "$OTHER" sign -q app.bin \
        --key "$keys/rsa3072-a.encrypted.pem" -o "typed.bin"
    refuse_out "${passphrase##* }"
    if [ "$typed" = "$passphrase" ]; then
        expect_out '^exit status 0'
        expect_exit 0 otapack verify typed.bin --key "$keys/rsa3072-a.pub.pem"
    else
        expect_out '^exit status 2'
    fi
done

# ---- Replacing a file ---------------------------------------------------------------------------

cp wanted.bin edited.bin
expect_exit 0 otapack edit -q wanted.bin --set software_version=9 -o wanted.edited.bin
expect_exit 0 windows edit -q edited.bin --set software_version=9
same wanted.edited.bin edited.bin
no_leftovers
cp app.bin signed.bin
expect_exit 0 windows sign -q signed.bin --key "$keys/rsa3072-a.pem" -o signed.bin
expect_exit 0 otapack verify signed.bin --key "$keys/rsa3072-a.pub.pem"
no_leftovers
expect_exit 2 windows build -q folder/recipe.yaml -o 'folder\recipe.yaml'
grep -q 'is also an input' err || fail 'a recipe may be written over'
expect_exit 2 windows build -q folder/recipe.yaml -o "$here\\app.bin"
same app.bin "$FIXTURES/esp_image/good-app-esp32c6-idf53.bin"
expect_exit 2 windows build -q folder/recipe.yaml -o 'no\such\folder.bin'
expect_exit 0 windows extract wanted.bin -o 'folder\parts\'
expect_exit 0 otapack extract wanted.bin -o parts
diff -r parts folder/parts || fail 'other parts'
expect_exit 0 windows compat create_ota_image --rcp-build-dir "$FIXTURES/rcp_build" \
    --target-file 'made\for it\rcp.bin'
[ -s 'made/for it/rcp.bin' ] || fail 'no folders are made'
expect_exit 2 windows key generate --type ecdsa-p256 "$name"
expect_exit 0 windows key generate --type ecdsa-p256 key.pem
expect_exit 0 otapack key public key.pem
no_leftovers

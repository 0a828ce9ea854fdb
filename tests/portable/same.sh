# SPDX-License-Identifier: Apache-2.0
#
# An otapack for another system says of every fixture what this one says, byte for byte, and what one
# of them makes the other takes. Run by run-cli.sh, with OTHER in the environment: a command that runs
# the other one.
. "$SOURCE/tests/cli-lib.sh"

[ -x "${OTHER-}" ] || fail 'OTHER is no program'
image=$FIXTURES/esp_image/good-app-esp32c6-idf53.bin
keys=$FIXTURES/keys

# agree WORDS...: both of them, in this folder, with the same status and the same output.
agree() {
    last_command="both: $*"
    local ours=0 theirs=0
    otapack "$@" >out 2>err </dev/null || ours=$?
    "$OTHER" "$@" >out.other 2>err.other </dev/null || theirs=$?
    [ "$ours" = "$theirs" ] || fail "exit status $ours, and of the other $theirs: $(cat err.other)"
    cmp -s out out.other || fail 'other results'
    cmp -s err err.other || fail "other messages: $(diff err err.other | head -5)"
}

agree --version
agree help checks

# ---- Every fixture ------------------------------------------------------------------------------

ln -s "$FIXTURES" fixtures 2>/dev/null || cp -R "$FIXTURES" fixtures
find fixtures/ -mindepth 2 -type f | sort >files
[ "$(wc -l <files)" -gt 700 ] || fail 'hardly any fixtures were found'
mapfile -t files <files
# Windows has room for 32,767 characters in a command line.
for ((i = 0; i < ${#files[@]}; i += 300)); do
    agree verify --json "${files[@]:i:300}"
    [ "$(grep -c '"file": ' out)" -ge $((${#files[@]} - i < 300 ? ${#files[@]} - i : 300)) ] || fail 'hardly any verdicts'
done
agree inspect --json "${files[@]:0:40}"

# ---- What they make -----------------------------------------------------------------------------

cp "$image" app.bin
cat >recipe.yaml <<'EOF'
otapack: 1
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: 3
  software_version_string: "1.4.2"
app: app.bin
EOF
expect_exit 0 otapack build -q recipe.yaml -o ours.bin
expect_exit 0 "$OTHER" build -q recipe.yaml -o theirs.bin
same ours.bin theirs.bin
expect_exit 0 "$OTHER" edit -q theirs.bin --set software_version=9
expect_exit 0 otapack edit -q ours.bin --set software_version=9
same ours.bin theirs.bin
expect_exit 0 otapack extract ours.bin -o ours.parts
expect_exit 0 "$OTHER" extract theirs.bin -o theirs.parts
diff -r ours.parts theirs.parts || fail 'they extract other files'
expect_exit 0 "$OTHER" build -q --rcp-build-dir fixtures/rcp_build --target-file theirs.rcp
expect_exit 0 otapack build -q --rcp-build-dir fixtures/rcp_build --target-file ours.rcp
same ours.rcp theirs.rcp

# ---- Signatures ---------------------------------------------------------------------------------

for key in rsa3072-a ecdsa-p256-a; do
    expect_exit 0 "$OTHER" sign -q app.bin --key "$keys/$key.pem" -o signed.bin
    expect_exit 0 otapack verify signed.bin --key "$keys/$key.pub.pem"
    expect_exit 0 otapack sign -q app.bin --key "$keys/$key.pem" -o signed.ours.bin
    agree verify signed.ours.bin --key "$keys/$key.pub.pem"
    agree verify signed.bin --key "$keys/ecdsa-p256-b.pub.pem"
done
expect_exit 2 "$OTHER" sign -q app.bin --key "$keys/rsa3072-a.encrypted.pem" -o encrypted.bin </dev/null
OTAPACK_PASSPHRASE=$(<"$keys/passphrase.txt") expect_exit 0 "$OTHER" sign -q app.bin \
    --key "$keys/rsa3072-a.encrypted.pem" -o encrypted.bin
agree verify encrypted.bin --key "$keys/rsa3072-a.pub.pem"

# Keys in tokens need a library that is loaded while it runs.
expect_exit 2 "$OTHER" sign -q app.bin --key pkcs11:token=x -o token.bin
expect_one_line_err
expect_err '^otapack: keys in tokens \(pkcs11:\) cannot be used: '

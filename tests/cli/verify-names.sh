# SPDX-License-Identifier: Apache-2.0
# --keys: keys with names, in a folder and in a file; who signed is said by name, --require-key asks
# for one. (Each way to ask is a row of tests/laws/law_key_ring.c, each fault of a ring one of
# tests/unit/test_key_ring.c.)
. "$SOURCE/tests/sign-lib.sh"

# What release engineers have: a folder, and a build that was signed with the wrong key.
take_key rsa3072-a rsa3072-b
mkdir ring
expect_exit 0 otapack key public rsa3072-a.pem -o ring/PROD.pub.pem
expect_exit 0 otapack key digest rsa3072-b.pem -o ring/DEV.digest
unsigned good-rsa3072.bin app.bin
expect_exit 0 otapack sign app.bin --key rsa3072-b.pem -o dev.bin
expect_exit 0 otapack sign app.bin --key rsa3072-a.pem -o prod.bin

expect_exit 0 otapack inspect dev.bin --keys ring
expect_out 'signature, .*by DEV$'
expect_out 'key=DEV'
expect_exit 0 otapack verify prod.bin dev.bin --keys ring
expect_out '^prod\.bin: signatures\[0\]: .*by PROD$'
expect_out '^dev\.bin: signatures\[0\]: .*by DEV$'
expect_exit 1 otapack verify prod.bin dev.bin --keys ring --require-key PROD
expect_one_line_err
expect_err '^otapack: dev\.bin: is signed by DEV, and not by PROD; .'
expect_exit 1 otapack verify dev.bin --keys ring --require-key PROD --json
[ "$(jq -r '.files[0].signed | "\(.holds) \(.signatures[0].by)"' out)" = 'false DEV' ] ||
    fail 'JSON does not say by whom'

# The same as a file, in another folder; a key that was never given is told by its digest.
printf 'otapack: 1\nkeys:\n  PROD: ring/PROD.pub.pem\n  DEV: %s\n' "$(cat ring/DEV.digest)" >ring.yaml
mkdir elsewhere
mv ring ring.yaml elsewhere
expect_exit 0 otapack verify prod.bin --keys elsewhere/ring.yaml --require-key PROD
expect_exit 1 otapack verify "$SIGNED/good-ecdsa-p256.bin" --keys elsewhere/ring.yaml
expect_one_line_err
expect_err "digest $(key_digest ecdsa-p256-a | head -c 16)\\.\\.\\., .*\\.yaml \\(DEV, PROD\\); ."

# Tokens and encrypted keys are taken as --key takes them.
printf 'otapack: 1\nkeys:\n  P: %s\n' "$KEYS/ecdsa-p256-a.encrypted.pem" >encrypted.yaml
expect_exit 0 otapack verify "$SIGNED/good-ecdsa-p256.bin" --keys encrypted.yaml \
    --passphrase-file "$KEYS/passphrase.txt"
expect_out 'by P$'
expect_exit 2 otapack verify "$SIGNED/good-ecdsa-p256.bin" --keys encrypted.yaml
expect_err '^otapack: encrypted\.yaml:3:3: the passphrase of .* is needed, .*; .'
printf 'otapack: 1\nkeys:\n  P: pkcs11:token=none;object=none\n' >token.yaml
expect_exit 2 otapack verify prod.bin --keys token.yaml
expect_one_line_err
expect_err '^otapack: token\.yaml:3:3: (pkcs11:|keys in tokens .* built without p11-kit)'

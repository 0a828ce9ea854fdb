# SPDX-License-Identifier: Apache-2.0
# inspect of signed images, by the program: the digest of a key as its PEM file has it. (What else is
# said of each block is in tests/laws/law_signatures.c.)
. "$SOURCE/tests/sign-lib.sh"

for scheme in rsa3072 ecdsa-p384; do
    expect_exit 0 otapack inspect "$SIGNED/good-$scheme.bin"
    expect_out 'signatures\[0\].*1,216.*consistent'
    expect_out "key_digest=$(key_digest $scheme-a)"
done

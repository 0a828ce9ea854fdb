# SPDX-License-Identifier: Apache-2.0
# compat espsecure makes keys, and writes their public part and their digest.
. "$SOURCE/tests/cli-lib.sh"

need openssl
KEYS=$FIXTURES/keys
espsecure() { otapack compat espsecure "$@"; }

# generates TITLE WHAT ARGUMENT...: a new key that openssl finds sound, and calls so.
generates() {
    title=$1 what=$2
    shift 2
    drop new.pem
    expect_exit 0 espsecure generate_signing_key "$@" new.pem
    no_err
    out_is "$title private key in PEM format written to new.pem"
    [ "$(stat -c %a new.pem)" = 600 ] || fail 'others can read the key'
    openssl pkey -in new.pem -noout -text 2>/dev/null | grep -q "$what" || fail "no key: $what"
}
generates 'ECDSA NIST256p' 'NIST CURVE: P-256'
generates 'ECDSA NIST256p' 'NIST CURVE: P-256' -v 1 -s ecdsa256
generates 'RSA 3072' '3072 bit' -v 2
generates 'RSA 3072' '3072 bit' --version=2 --scheme=rsa3072
generates 'ECDSA NIST192p' 'P-192' -v2 -secdsa192
generates 'ECDSA NIST256p' 'P-256' -v 2 -s ecdsa256
generates 'ECDSA NIST384p' 'P-384' -v 2 -s ecdsa384

# Never over another file.
cp new.pem before.pem
expect_exit 2 espsecure generate_signing_key -v 2 -s ecdsa256 new.pem
expect_one_line_err
same before.pem new.pem
failed() { # failed ARGUMENT...: and makes nothing
    expect_exit 2 espsecure "$@"
    expect_one_line_err
    no_out
    no_file made
}
failed generate_signing_key -v 1 -s rsa3072 made
failed generate_signing_key -v 1 -s ecdsa384 made
failed generate_signing_key -v 2 -s ecdsa521 made
failed generate_signing_key -v 3 made
failed generate_signing_key nofolder/made
failed generate_signing_key

# The public part: 64 bytes for version 1, PEM for version 2.
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    expect_exit 0 espsecure extract_public_key -v 2 -k "$KEYS/$key-a.pem" public.pem
    out_is "$KEYS/$key-a.pem public key extracted to public.pem"
    same "$KEYS/$key-a.pub.pem" public.pem
done
expect_exit 0 espsecure extract_public_key --keyfile "$KEYS/ecdsa-p256-a.pem" public.bin
out_is "$KEYS/ecdsa-p256-a.pem public key extracted to public.bin"
same "$KEYS/ecdsa-p256-a.pub.bin" public.bin
failed extract_public_key -k "$KEYS/rsa3072-a.pem" made
failed extract_public_key -v 1 -k "$KEYS/ecdsa-p192-a.pem" made
failed extract_public_key -v 1 made
failed extract_public_key -k nofile.pem made
failed extract_public_key -k "$KEYS/rsa2048.pem" -v 2 made

# The digest: 32 bytes, of a private or a public key.
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    hex_bytes "$(otapack key digest "$KEYS/$key-a.pub.pem")" >expected.bin
    for suffix in pem pub.pem; do
        for command in digest_sbv2_public_key digest_rsa_public_key digest-sbv2-public-key; do
            expect_exit 0 espsecure $command -k "$KEYS/$key-a.$suffix" -o digest.bin
            out_is "Writing the public key digest of $KEYS/$key-a.$suffix to digest.bin."
            same expected.bin digest.bin
        done
    done
done
failed digest_sbv2_public_key -k "$KEYS/rsa3072-a.pem"
failed digest_sbv2_public_key -o made
failed digest_sbv2_public_key -k "$KEYS/no-key.pem" -o made

# The key is not written over, whatever its name.
cp "$KEYS/ecdsa-p256-a.pem" key.pem
ln -s key.pem link.pem
ln key.pem other.pem
for output in key.pem ./key.pem link.pem other.pem; do
    expect_exit 2 espsecure digest_sbv2_public_key -k key.pem -o $output
    expect_exit 2 espsecure extract_public_key -k key.pem $output
    same "$KEYS/ecdsa-p256-a.pem" key.pem
done

have_vectors || exit 0
vector=$VECTORS/secure-boot
for key in rsa3072 ec_p192 ec_p256 ec_p384; do
    expect_exit 0 espsecure digest_sbv2_public_key -k "$vector/keys/${key}_1.pem" -o digest.bin
    same "$vector/digest_$key.bin" digest.bin
done
expect_exit 0 espsecure extract_public_key -k "$vector/keys/ec_p256_1.pem" public.bin
same "$vector/v1_pub_p256.bin" public.bin

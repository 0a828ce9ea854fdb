# SPDX-License-Identifier: Apache-2.0
# compat espsecure verify_signature and signature_info_v2 say what the original says, and exit with 1
# for every signature that does not hold.
. "$SOURCE/tests/cli-lib.sh"

KEYS=$FIXTURES/keys
SIGNED=$FIXTURES/secure_boot
verify() { # verify STATUS KEY FILE: with version 2
    expect_exit "$1" otapack compat espsecure verify_signature -v 2 -k "$KEYS/$2" "$3"
    [ "$1" -eq 0 ] || expect_err '^otapack: .+; .+'
}
inform() { expect_exit "$1" otapack compat espsecure signature_info_v2 "$2"; }
digest_line() { # digest_line N KEY: as the original prints it
    otapack key digest "$KEYS/$2" | sed "s/../ &/g; s/^/Public key digest for block $1:/"
}

# By the public key or the private one.
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    kind=$(case $key in rsa*) echo RSA ;; *) echo ECDSA ;; esac)
    for suffix in pem pub.pem; do
        verify 0 "$key-a.$suffix" "$SIGNED/good-$key.bin"
        no_err
        out_is "Signature block 0 is valid ($kind).
Signature block 0 verification successful using the supplied key ($kind).
Signature block 1 invalid. Skipping.
Signature block 2 invalid. Skipping."
    done
    verify 1 "$key-b.pub.pem" "$SIGNED/good-$key.bin"
    expect_one_line_err
    expect_err 'Signature could not be verified with the provided key\. '
    out_is "Signature block 0 is valid ($kind).
Signature block 0 is not signed by the supplied key. Checking the next block
Signature block 1 invalid. Skipping.
Signature block 2 invalid. Skipping."
    inform 0 "$SIGNED/good-$key.bin"
    out_is "Signature block 0 is valid ($kind).
$(digest_line 0 "$key-a.pub.pem")
Signature block 1 absent/invalid. Skipping checking next blocks."
done
verify 1 ecdsa-p256-a.pub.pem "$SIGNED/good-rsa3072.bin"
verify 1 rsa3072-a.pub.pem "$SIGNED/good-ecdsa-p256.bin"
verify 0 rsa3072-a.pub.pem "$SIGNED/good-bootloader-rsa3072.bin"

# In any block.
verify 0 rsa3072-a.pub.pem "$SIGNED/good-rsa3072-x3.bin"
verify 0 rsa3072-c.pub.pem "$SIGNED/good-rsa3072-x3.bin"
expect_out '^Signature block 0 is not signed by the supplied key'
expect_out '^Signature block 2 verification successful'
inform 0 "$SIGNED/good-rsa3072-x3.bin"
[ "$(grep -c 'Public key digest' out)" -eq 3 ] || fail 'not three digests'
refuse_out absent
verify 0 ecdsa-p256-b.pub.pem "$SIGNED/good-ecdsa-p256-x2.bin"

# A block that cannot be read is passed over, as a device does; that there is one is said.
for file in "$SIGNED"/bad-sig-block-*.bin; do
    verify 0 rsa3072-a.pub.pem "$file"
    expect_out '^Signature block [0-2] invalid'
    expect_err '^otapack: .+: warning: signature block [0-2]: .+ \[sig-block\]$'
    inform 0 "$file"
    expect_err '^otapack: .+: warning: signature block [0-2]: .+ \[sig-block\]$'
done
# Nor does a device look at bytes that nothing uses.
for file in "$SIGNED"/bad-sig-zeros.bin "$SIGNED"/bad-sig-fill*.bin; do
    verify 0 rsa3072-a.pub.pem "$file"
    expect_err '^otapack: .+: warning: .+ \[sig-(zeros|fill)\]$'
    inform 0 "$file"
    expect_err '^otapack: .+: warning: .+ \[sig-(zeros|fill)\]$'
done

# What is damaged in any other way is neither verified nor well.
for file in "$SIGNED"/bad-*.bin; do
    case $file in
        *-block-* | *-chip* | *-zeros* | *-fill*) continue ;;
        *-insecure.bin | *-dropped.bin) continue ;; # right by themselves
        *-mixed.bin) continue ;; # sign_data would not make it, but both signatures hold
    esac
    for key in rsa3072-a ecdsa-p192-a ecdsa-p256-a ecdsa-p384-a; do
        verify 1 $key.pub.pem "$file"
    done
    inform 1 "$file"
    expect_err '^otapack: .+; .+( \[sig-[a-z0-9]+\])?$'
done
verify 1 rsa3072-a.pub.pem "$SIGNED/bad-sig-place.bin"
expect_err '\[sig-place\]$'
cp "$SIGNED/good-rsa3072.bin" changed.bin
poke changed.bin 100 1 2 3 4
verify 1 rsa3072-a.pub.pem changed.bin
expect_err '\[sig-digest\]$'
inform 1 changed.bin

# Without a signature. As in the original, a file that could have one is no error to look at.
esp_walk "$SIGNED/good-rsa3072.bin"
head -c "$esp_end" "$SIGNED/good-rsa3072.bin" >app.bin
verify 1 rsa3072-a.pub.pem app.bin
expect_err 'Invalid datafile\. Data size should be non-zero & a multiple of 4096\. .*has no signature'
inform 1 app.bin
{
    cat app.bin
    fill $(((4096 - esp_end % 4096) % 4096))
} >aligned.bin
inform 0 aligned.bin
out_is 'Signature block 0 absent/invalid. Skipping checking next blocks.'
: >empty.bin
verify 1 rsa3072-a.pub.pem empty.bin
inform 1 empty.bin
head -c 8192 /dev/zero >zeros.bin
verify 1 rsa3072-a.pub.pem zeros.bin
expect_err 'Signature could not be verified with the provided key\. .*has no signature'
inform 0 zeros.bin
verify 1 rsa3072-a.pub.pem "$SIGNED/good-v1.bin"
verify 1 rsa3072-a.pub.pem "$FIXTURES/esp_image/bad-esp-header.bin"
verify 2 rsa3072-a.pub.pem nofile.bin
verify 2 nofile.pem app.bin
verify 2 no-key.pem app.bin

# Version 1.
first() { expect_exit "$1" otapack compat espsecure verify_signature -v 1 -k "$2" "$3"; }
for key in ecdsa-p256-a.pem ecdsa-p256-a.pub.pem ecdsa-p256-a.pub.bin; do
    first 0 "$KEYS/$key" "$SIGNED/good-v1.bin"
    no_err
    out_is "Verifying $(($(size_of "$SIGNED/good-v1.bin") - 68)) bytes of data
Signature is valid"
done
first 1 "$KEYS/ecdsa-p256-b.pub.pem" "$SIGNED/good-v1.bin"
expect_one_line_err
expect_err 'Signature is not valid'
refuse_out 'Signature is valid'
first 2 "$KEYS/rsa3072-a.pub.pem" "$SIGNED/good-v1.bin"
first 2 "$KEYS/ecdsa-p192-a.pub.pem" "$SIGNED/good-v1.bin"
first 1 "$KEYS/ecdsa-p256-a.pub.pem" "$SIGNED/good-rsa3072.bin"
first 1 "$KEYS/ecdsa-p256-a.pub.pem" app.bin
first 1 "$KEYS/ecdsa-p256-a.pub.pem" empty.bin
first 1 "$KEYS/ecdsa-p256-a.pub.pem" zeros.bin
cp "$SIGNED/good-v1.bin" changed.bin
poke changed.bin 100 1 2 3 4
first 1 "$KEYS/ecdsa-p256-a.pub.pem" changed.bin

have_vectors || exit 0
vector=$VECTORS/secure-boot
for key in rsa3072 ec_p192 ec_p256 ec_p384; do
    for n in 1 2; do
        expect_exit 0 otapack compat espsecure verify_signature -v 2 \
            -k "$vector/keys/${key}_$n.pub.pem" "$vector/signed_v2_${key}_x2.bin"
        expect_out "^Signature block $((n - 1)) verification successful"
    done
    expect_exit 1 otapack compat espsecure verify_signature -v 2 \
        -k "$vector/keys/${key}_2.pub.pem" "$vector/signed_v2_$key.bin"
done
first 0 "$vector/v1_pub_p256.bin" "$vector/signed_v1_p256.bin"

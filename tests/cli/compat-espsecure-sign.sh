# SPDX-License-Identifier: Apache-2.0
# compat espsecure sign_data signs what otapack sign signs, and data that are no ESP image; what is
# signed already stays as it is without --append_signatures.
. "$SOURCE/tests/cli-lib.sh"

KEYS=$PWD/keys
cp -R "$FIXTURES/keys" keys
chmod -R u+w,go= keys
SIGNED=$FIXTURES/secure_boot
espsecure() { otapack compat espsecure "$@"; }
unsigned() { # unsigned FIXTURE FILE: without what stands behind the image
    esp_walk "$SIGNED/$1"
    head -c "$esp_end" "$SIGNED/$1" >"$2"
}
signs() { expect_exit 0 espsecure sign_data "$@"; }
refused() { # refused STATUS REGEX FILE ARGUMENT...: and no file appears in the folder made
    refused_status=$1 refused_regex=$2 refused_file=$3
    shift 3
    folders made
    expect_exit "$refused_status" espsecure sign_data "$refused_file" "$@" -o made/signed.bin
    no_out
    expect_err "^otapack: .*($refused_regex)"
    folder_is made
}

# ---- Version 2 ----------------------------------------------------------------------------------

# Every kind of key, and its digest of the image; ECDSA signatures are the same each time.
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    unsigned good-$key.bin app.bin
    signs -v 2 -k "$KEYS/$key-a.pem" -o signed.bin app.bin
    padded=$((($(size_of app.bin) + 4095) / 4096 * 4096))
    out_is "Padding data contents by $((padded - $(size_of app.bin))) bytes so signature sector aligns at sector boundary
1 signing key(s) found.
Signed $padded bytes of data from app.bin. Signature sector now has 1 signature blocks."
    [ "$(size_of signed.bin)" -eq $((padded + 4096)) ] || fail "signed.bin is $(size_of signed.bin)"
    expect_exit 0 otapack verify signed.bin --key "$KEYS/$key-a.pub.pem"
    expect_exit 0 otapack sign app.bin --key "$KEYS/$key-a.pem" -o other.bin
    [ "$key" = rsa3072 ] || same other.bin signed.bin
    cut_bytes signed.bin 0 $((padded + 36)) >begin
    cut_bytes other.bin 0 $((padded + 36)) >other-begin
    same other-begin begin
done

# In place, and of a bootloader; nothing is padded where it ends at a multiple of 4096.
unsigned good-bootloader-rsa3072.bin boot.bin
cp boot.bin in-place.bin
signs --keyfile "$KEYS/rsa3072-a.pem" -v 2 in-place.bin
expect_exit 0 otapack verify in-place.bin --key "$KEYS/rsa3072-a.pub.pem"
cut_bytes in-place.bin 0 "$(size_of boot.bin)" >begin
same boot.bin begin

# Several keys, in their order.
unsigned good-rsa3072.bin app.bin
signs -v 2 -k "$KEYS/rsa3072-b.pem" "$KEYS/rsa3072-a.pem" -o two.bin app.bin
expect_out '^2 signing key\(s\) found\.$'
expect_out 'Signature sector now has 2 signature blocks\.$'
expect_exit 0 otapack verify two.bin --trust first-block --key "$KEYS/rsa3072-b.pub.pem"
refused 1 'no room for more' app.bin -v 2 -k "$KEYS/rsa3072-a.pem" "$KEYS/rsa3072-b.pem" \
    "$KEYS/rsa3072-c.pem" "$KEYS/rsa3072-a.pkcs8.pem"
# Of two kinds: a device passes over the signature that is not of its own.
signs -v 2 -k "$KEYS/rsa3072-a.pem" "$KEYS/ecdsa-p256-a.pem" -o mixed.bin app.bin
expect_err '^otapack: .*warning: .*\[sig-mixed\]$'
expect_out 'Signature sector now has 2 signature blocks\.$'
for key in rsa3072-a ecdsa-p256-a; do
    expect_exit 0 espsecure verify_signature -v 2 -k "$KEYS/$key.pub.pem" mixed.bin
done

# Signed already: refused, and left alone.
cp two.bin before.bin
refused 1 'is signed already.*--append_signatures' two.bin -v 2 -k "$KEYS/rsa3072-c.pem"
expect_exit 1 espsecure sign_data -k "$KEYS/rsa3072-c.pem" -v 2 two.bin
expect_one_line_err
same before.bin two.bin
signs -v 2 -a -k "$KEYS/rsa3072-c.pem" -o three.bin two.bin
out_is "Signature block 0 is valid (RSA).
Signature block 1 is valid (RSA).
2 valid signature block(s) already present in the signature sector.
1 signing key(s) found.
Signed $(($(size_of two.bin) - 4096)) bytes of data from two.bin. Signature sector now has 3 signature blocks."
for key in a b c; do expect_exit 0 otapack verify three.bin --key "$KEYS/rsa3072-$key.pub.pem"; done
refused 1 'no room' three.bin -v 2 -a -k "$KEYS/rsa3072-a.pem"
# A key signs once, in whatever form it is named.
for keys in "$KEYS/rsa3072-a.pem" "$KEYS/rsa3072-a.pkcs8.pem $KEYS/rsa3072-b.pem"; do
    # shellcheck disable=SC2086 # several
    signs -v 2 -a -k $keys -o signed.bin two.bin
    same two.bin signed.bin
    expect_err 'warning: .*each key signs once'
    expect_out 'Signature sector now has 2 signature blocks\.$'
done
signs -v 2 -k "$KEYS/rsa3072-a.pem" "$KEYS/rsa3072-b.pem" "$KEYS/rsa3072-a.pkcs8.pem" -o signed.bin app.bin
expect_out '^3 signing key\(s\) found\.$'
expect_out 'Signature sector now has 2 signature blocks\.$'
expect_exit 0 otapack verify signed.bin --key "$KEYS/rsa3072-b.pub.pem"
# What has no signature yet is just signed.
signs -v 2 --append_signatures -k "$KEYS/rsa3072-a.pem" -o signed.bin app.bin
expect_out 'Signature sector now has 1 signature blocks\.$'
expect_exit 0 otapack verify signed.bin --key "$KEYS/rsa3072-a.pub.pem"
# A damaged signature is no ground to add one.
refused 1 'sig-digest' "$SIGNED/bad-sig-digest.bin" -v 2 -a -k "$KEYS/rsa3072-b.pem"

# What a check refuses.
cp app.bin damaged.bin
poke damaged.bin 40 1 2 3 4
refused 1 'esp-(hash|checksum)' damaged.bin -v 2 -k "$KEYS/rsa3072-a.pem"
refused 1 '' "$FIXTURES/esp_image/bad-esp-header.bin" -v 2 -k "$KEYS/rsa3072-a.pem"
: >empty.bin
refused 1 'is empty' empty.bin -v 2 -k "$KEYS/rsa3072-a.pem"
# Without padding, only what ends where a signature can be, and data, wherever they end.
refused 2 'skip-padding' app.bin -v 2 --skip-padding -k "$KEYS/rsa3072-a.pem"
{
    cat app.bin
    fill $(((4096 - $(size_of app.bin) % 4096) % 4096))
} >aligned.bin
signs -v 2 --skip-padding -k "$KEYS/rsa3072-a.pem" -o signed.bin aligned.bin
refuse_out Padding
expect_exit 0 otapack verify signed.bin --key "$KEYS/rsa3072-a.pub.pem"
signs -v 2 -k "$KEYS/rsa3072-a.pem" -o signed.bin aligned.bin
refuse_out Padding
fill 100 >data.bin
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    signs -v 2 --skip-padding -k "$KEYS/$key-a.pem" -o signed.bin data.bin
    expect_out '^Skipping sector padding\. Data contents are not sector aligned\.$'
    expect_out '^Signed 100 bytes of data from data.bin\. Signature sector now has 1 signature blocks\.$'
    [ "$(size_of signed.bin)" -eq 4196 ] || fail "signed.bin is $(size_of signed.bin)"
    expect_exit 0 espsecure verify_signature -v 2 --skip-padding -k "$KEYS/$key-a.pub.pem" signed.bin
    expect_exit 1 espsecure verify_signature -v 2 --skip-padding -k "$KEYS/$key-b.pub.pem" signed.bin
    expect_exit 1 espsecure verify_signature -v 2 -k "$KEYS/$key-a.pub.pem" signed.bin
    expect_err 'Invalid datafile'
done
refused 1 'is signed already; sign the file as it was before' signed.bin -v 2 --skip-padding \
    -k "$KEYS/ecdsa-p384-b.pem"
refused 1 'is signed already; sign the file as it was before' signed.bin -v 2 --skip-padding -a \
    -k "$KEYS/ecdsa-p384-b.pem"
poke signed.bin 50 1
expect_exit 1 espsecure verify_signature -v 2 --skip-padding -k "$KEYS/ecdsa-p384-a.pub.pem" signed.bin
expect_exit 1 espsecure verify_signature -v 2 --skip-padding -k "$KEYS/ecdsa-p384-a.pub.pem" data.bin
expect_err 'Invalid datafile\. File too small \(must be at least 4096 bytes\)\. '

# Neither the file nor a key is written over by name.
cp "$KEYS/rsa3072-a.pem" key.pem
chmod 600 key.pem
cp app.bin same.bin
for output in key.pem ./key.pem same.bin ./same.bin; do
    expect_exit 2 espsecure sign_data -v 2 -k key.pem -o $output same.bin
    same "$KEYS/rsa3072-a.pem" key.pem
    same app.bin same.bin
done

# ---- Signatures made elsewhere ------------------------------------------------------------------

need openssl
pss='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32'
for key in a b; do
    # shellcheck disable=SC2086 # options
    openssl dgst -sha256 $pss -sign "$KEYS/rsa3072-$key.pem" -out $key.sig aligned.bin
done
for file in aligned.bin app.bin; do
    signs -v 2 --pub-key "$KEYS/rsa3072-a.pub.pem" "$KEYS/rsa3072-b.pub.pem" \
        --signature a.sig b.sig -o signed.bin $file
    expect_out '^Pre-calculated signatures found$'
    expect_out '^2 signing key\(s\) found\.$'
    for key in a b; do expect_exit 0 otapack verify signed.bin --key "$KEYS/rsa3072-$key.pub.pem"; done
done
signs -v 2 --pub-key "$KEYS/rsa3072-a.pub.pem" "$KEYS/rsa3072-a.pub.pem" --signature a.sig a.sig \
    -o signed.bin app.bin
expect_out 'Signature sector now has 1 signature blocks\.$'
refused 1 'a\.sig' app.bin -v 2 --pub-key "$KEYS/rsa3072-b.pub.pem" --signature a.sig
refused 1 'b\.sig' app.bin -v 2 --pub-key "$KEYS/rsa3072-a.pub.pem" "$KEYS/rsa3072-a.pub.pem" \
    --signature a.sig b.sig
refused 2 'add --signature' app.bin -v 2 --pub-key "$KEYS/rsa3072-a.pub.pem" \
    "$KEYS/rsa3072-b.pub.pem" --signature a.sig
refused 2 'add --pub-key' app.bin -v 2 --signature a.sig
refused 2 'exclude each other' app.bin -v 2 --signature a.sig --pub-key "$KEYS/rsa3072-a.pub.pem" \
    -k "$KEYS/rsa3072-a.pem"

# ---- Version 1 ----------------------------------------------------------------------------------

unsigned good-v1.bin v1.bin
signs -v 1 -k "$KEYS/ecdsa-p256-a.pem" -o signed.bin v1.bin
out_is "Signed $(size_of v1.bin) bytes of data from v1.bin"
expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
openssl dgst -sha256 -verify "$KEYS/ecdsa-p256-a.pub.pem" -signature /dev/null v1.bin >/dev/null 2>&1 &&
    fail 'openssl takes nothing for a signature'
refused 1 'is signed already' signed.bin -v 1 -k "$KEYS/ecdsa-p256-b.pem"
refused 1 'is signed already' signed.bin -v 1 -a -k "$KEYS/ecdsa-p256-b.pem"
refused 1 'is signed already' signed.bin -v 2 -a -k "$KEYS/rsa3072-a.pem"
refused 2 'one key' v1.bin -v 1 -k "$KEYS/ecdsa-p256-a.pem" "$KEYS/ecdsa-p256-b.pem"
refused 2 'only ECDSA P-256' v1.bin -v 1 -k "$KEYS/rsa3072-a.pem"
refused 2 'only ECDSA P-256' v1.bin -v 1 -k "$KEYS/ecdsa-p192-a.pem"
# As r and s, or in DER.
cp signed.bin expected.bin
tail -c 64 signed.bin >raw.sig
openssl dgst -sha256 -sign "$KEYS/ecdsa-p256-a.pem" -out der.sig v1.bin
signs -v 1 --pub-key "$KEYS/ecdsa-p256-a.pub.pem" --signature raw.sig -o signed.bin v1.bin
same expected.bin signed.bin
signs -v 1 --pub-key "$KEYS/ecdsa-p256-a.pub.bin" --signature der.sig -o signed.bin v1.bin
expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
refused 1 'raw\.sig' v1.bin -v 1 --pub-key "$KEYS/ecdsa-p256-b.pub.pem" --signature raw.sig

# ---- What is no ESP image -----------------------------------------------------------------------

# A partition table, as ESP-IDF signs it; and data of any kind, with a warning.
head -c 3072 "$RCP/partition_table/partition-table.bin" >table.bin
head -c 10000 /dev/zero >zeros.bin
for file in table zeros; do
    signs -v 1 -k "$KEYS/ecdsa-p256-a.pem" -o $file-1.bin $file.bin
    out_is "Signed $(size_of $file.bin) bytes of data from $file.bin"
    [ "$(size_of $file-1.bin)" -eq $(($(size_of $file.bin) + 68)) ] || fail 'not 68 bytes more'
    expect_exit 0 espsecure verify_signature -v 1 -k "$KEYS/ecdsa-p256-a.pub.pem" $file-1.bin
    refused 1 'is signed already' $file-1.bin -v 1 -k "$KEYS/ecdsa-p256-a.pem"
    signs -v 2 -k "$KEYS/rsa3072-a.pem" -o $file-2.bin $file.bin
    expect_exit 0 espsecure verify_signature -v 2 -k "$KEYS/rsa3072-a.pub.pem" $file-2.bin
    refused 1 'is signed already' $file-2.bin -v 2 -k "$KEYS/rsa3072-b.pem"
    signs -v 2 -a -k "$KEYS/rsa3072-b.pem" -o both.bin $file-2.bin
    expect_out '^1 valid signature block\(s\) already present in the signature sector\.$'
    expect_out "^Signed $(($(size_of $file-2.bin) - 4096)) bytes of data from $file-2.bin\. .* 2 signature blocks\.\$"
    for key in a b; do
        expect_exit 0 espsecure verify_signature -v 2 -k "$KEYS/rsa3072-$key.pub.pem" both.bin
    done
    signs -v 2 -k "$KEYS/ecdsa-p192-a.pem" -o one.bin $file.bin
    expect_err 'warning: .*\[data-scheme\]$'
    signs -v 2 -a -k "$KEYS/ecdsa-p192-b.pem" -o both.bin one.bin
    expect_exit 0 espsecure verify_signature -v 2 -k "$KEYS/ecdsa-p192-b.pub.pem" both.bin
done
signs -v 1 -k "$KEYS/ecdsa-p256-a.pem" -o zeros-1.bin zeros.bin
expect_err '^otapack: .*warning: .*\[known-format\]$'

# ---- The same bytes as the original -------------------------------------------------------------

have_vectors || exit 0
vector=$VECTORS/secure-boot
head -c $(($(size_of "$vector/signed_v1_p256.bin") - 68)) "$vector/signed_v1_p256.bin" >app.bin
signs -v 1 -k "$vector/keys/ec_p256_1.pem" -o signed.bin app.bin
same "$vector/signed_v1_p256.bin" signed.bin

# SPDX-License-Identifier: Apache-2.0
# inspect of signed images: a part for each block with algorithm, key digest, CRC and the digest of the
# image; consistent or not, never valid, for there is no key to tell.
. "$SOURCE/tests/sign-lib.sh"

for scheme in $SCHEMES; do
    file=$SIGNED/good-$scheme.bin
    esp_walk "$file"
    at=$(sector_at "$file")
    head -c "$at" "$file" >covered.bin
    expect_exit 0 otapack inspect "$file"
    expect_out 'signatures\[0\].*1,216.*consistent'
    expect_out "algorithm=$scheme"
    expect_out "key_digest=$(key_digest $scheme-a)"
    expect_out "image_digest=$("$(hash_of_key $scheme)sum" <covered.bin | cut -d' ' -f1)"
    expect_out "$(printf 'crc=0x%x' "$(u32 "$file" $((at + 1196)))")"
    ! grep -aEiq 'valid|genuine|authentic|trusted' out || fail 'a signature is called valid'
    expect_exit 0 otapack inspect --json "$file"
    look ".files[0].root | (.parts.signatures | length) == 1 and .parts.signatures[0].offset == $at
        and .parts.signatures[0].size == 1216
        and .parts.signatures[0].fields.algorithm.value == \"$scheme\"
        and .parts.signatures[0].fields.scheme.value == \"secure-boot-v2\"
        and .parts.signatures[0].fields.key_digest.value == \"$(key_digest $scheme-a)\"
        and ([.parts.signatures[0].checks[] | select(.verdict != \"pass\")] == [])" out >/dev/null ||
        fail "the JSON of $scheme says something else"
    ! grep -aEiq '"(valid|trusted)"' out || fail 'the JSON calls a signature valid'
    [ "$("$OTAPACK" inspect "$file" --get 'signatures[0].algorithm')" = "$scheme" ] ||
        fail 'inspect --get finds no algorithm'
done

expect_exit 0 otapack inspect "$SIGNED/good-rsa3072-x3.bin"
for i in 0:a 1:b 2:c; do
    expect_out "signatures\\[${i%:*}\\]"
    expect_out "key_digest=$(key_digest "rsa3072-${i#*:}")"
done
expect_exit 0 otapack inspect --json "$SIGNED/good-rsa3072-x3.bin"
look '[.files[0].root.parts.signatures[].offset] == [4096, 5312, 6528]' out >/dev/null ||
    fail 'the blocks are somewhere else'

# v1 holds no key, and nothing can be said without one.
expect_exit 0 otapack inspect "$SIGNED/good-v1.bin"
expect_out 'signatures\[0\].* 68 .*Secure Boot v1'
refuse_out 'key_digest|consistent'
expect_exit 0 otapack inspect --json "$SIGNED/good-v1.bin"
look '.files[0].root.parts.signatures[0].fields.scheme.value == "secure-boot-v1"' out >/dev/null ||
    fail 'the JSON does not say v1'

# Inside other images, with offsets in the file.
for file in "$FIXTURES/rcp_image/good-with-signed-host.bin" "$FIXTURES/matter/good-signed.bin"; do
    expect_exit 0 otapack inspect "$file" --json
    at=$(look '[.files[0].root | nodes | select(.format == "secure_boot")] | .[0].offset' out)
    [ "$(u8 "$file" "$at")" -eq 231 ] || fail "$file has no block at $at"
done

# A digest that does not fit, a signature that does not: not consistent.
for name in bad-sig-digest bad-sig-signature bad-sig-crc; do
    expect_exit 1 otapack inspect "$SIGNED/$name.bin"
    expect_out 'signatures\[0\].*not$|signatures\[0\].*not consistent'
done

# Every part is there once: what the parts of a signed image have is all of the file.
expect_exit 0 otapack inspect --json "$SIGNED/good-ecdsa-p256-x2.bin"
look '.files[0].root.parts | .signature_padding.offset + .signature_padding.size == 4096 and
    .signature_rest.offset + .signature_rest.size == 8192' out >/dev/null ||
    fail 'padding and rest are somewhere else'

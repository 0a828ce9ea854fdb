# SPDX-License-Identifier: Apache-2.0
# sign with each scheme: where the sector is, every byte of the block, openssl's judgement of the
# signature; ECDSA is the same each time; v1 is byte for byte what espsecure makes.
. "$SOURCE/tests/sign-lib.sh"

for scheme in $SCHEMES; do
    unsigned "good-$scheme.bin" app.bin
    cp app.bin before.bin
    take_key "$scheme-a"
    expect_exit 0 otapack sign app.bin --key "$scheme-a.pem" -o signed.bin
    no_out
    same before.bin app.bin
    signed_by signed.bin app.bin "$scheme-a"
    expect_exit 0 otapack sign app.bin --key "$scheme-a.pem" --scheme secure-boot-v2 -o again.bin
    case $scheme in
        rsa*)
            signed_by again.bin app.bin "$scheme-a"
            ! cmp -s signed.bin again.bin || fail 'PSS has a salt that is the same each time'
            ;;
        *)
            same signed.bin again.bin
            same "$SIGNED/good-$scheme.bin" signed.bin # the fixtures' signer knows RFC 6979 too
            ;;
    esac
    expect_exit 0 otapack verify signed.bin --key "$KEYS/$scheme-a.pub.pem"

    # In place, with the file's mode.
    chmod 640 app.bin
    expect_exit 0 otapack sign app.bin -k "$scheme-a.pem" -q
    no_out
    no_err
    signed_by app.bin before.bin "$scheme-a"
    [ "$(stat -c %a app.bin)" = 640 ] || fail "mode $(stat -c %a app.bin)"
    chmod 600 app.bin
done

# Images of just a sector, a byte less, a byte more than that: 16 bytes are the least there is.
take_key ecdsa-p256-a
unsigned good-ecdsa-p256.bin app.bin
small=$(size_of app.bin)
for length in $((4096 - 16)) 4096 $((4096 + 16)) 65536; do
    cp app.bin long.bin
    esp_grow long.bin $((length - small))
    [ "$(size_of long.bin)" -eq "$length" ] || fail "long.bin has $(size_of long.bin) bytes"
    expect_exit 0 otapack sign long.bin --key ecdsa-p256-a.pem -o signed.bin
    signed_by signed.bin long.bin ecdsa-p256-a
done

# 0xFF behind the image, as flash has it, is no data: the signature is the same.
padded app.bin >erased.bin
fill 5000 >>erased.bin
expect_exit 0 otapack sign erased.bin --key ecdsa-p256-a.pem -o signed.bin
signed_by signed.bin app.bin ecdsa-p256-a

# An older output gives way; a bootloader is signed as well.
unsigned good-bootloader-rsa3072.bin app.bin
take_key rsa3072-a
expect_exit 0 otapack sign app.bin --key rsa3072-a.pem -o signed.bin
signed_by signed.bin app.bin rsa3072-a

# v1: 68 bytes behind the image, without padding.
unsigned good-v1.bin app.bin
expect_exit 0 otapack sign app.bin --key ecdsa-p256-a.pem --scheme secure-boot-v1 -o signed.bin
same "$SIGNED/good-v1.bin" signed.bin
secure_boot v1-signature signed.bin >v1.sig
openssl_fits ecdsa-p256-a app.bin v1.sig || fail 'openssl refuses the signature of v1'
expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-a.pub.pem"

# Data: in place, when that is said; and again without saying it.
printf 'settings\n' >settings.bin
expect_exit 2 otapack sign settings.bin --key ecdsa-p256-a.pem
expect_err '--scheme secure-boot-v2-data'
expect_exit 0 otapack sign settings.bin --key ecdsa-p256-a.pem --scheme secure-boot-v2-data -q
[ "$(size_of settings.bin)" -eq 8192 ] || fail "settings.bin has $(size_of settings.bin) bytes"
expect_exit 0 otapack verify settings.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
expect_exit 0 otapack sign settings.bin --key ecdsa-p256-a.pem --replace -q
expect_exit 0 otapack verify settings.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
expect_exit 1 otapack verify settings.bin --key "$KEYS/ecdsa-p256-b.pub.pem"

expect_exit 2 otapack sign app.bin --key ecdsa-p256-a.pem --scheme secure-boot-v3 -o new.bin
expect_one_line_err
expect_err 'secure-boot-v2'
no_file new.bin

# What espsecure made of real firmware.
have_vectors || exit 0
real=$VECTORS/secure-boot
esp_walk "$real/signed_v1_p256.bin"
head -c "$esp_end" "$real/signed_v1_p256.bin" >real.bin
cp "$real/keys/"*.pem .
chmod 600 ./*.pem
expect_exit 0 otapack sign real.bin --scheme secure-boot-v1 --key ec_p256_1.pem -o signed.bin
same "$real/signed_v1_p256.bin" signed.bin
for vector in ec_p192 ec_p256 ec_p384 rsa3072; do
    esp_walk "$real/signed_v2_$vector.bin"
    head -c "$esp_end" "$real/signed_v2_$vector.bin" >real.bin
    padded real.bin >data.bin
    expect_exit 0 otapack sign real.bin --key "${vector}_1.pem" -o signed.bin
    # The chip, an ESP32-H2, does not know P-384.
    expect_exit 0 otapack verify signed.bin --key "${vector}_1.pub.pem" --allow sig-chip
    [ "$(size_of signed.bin)" -eq "$(size_of "$real/signed_v2_$vector.bin")" ] ||
        fail "signed with $vector it has $(size_of signed.bin) bytes"
    secure_boot signature signed.bin "$(size_of data.bin)" >made.sig
    secure_boot block "${vector}_1.pub.pem" data.bin made.sig >made.block
    { cat data.bin made.block; fill $((SECTOR - BLOCK)); } >expected.bin
    same expected.bin signed.bin
    # The vector's own signature in place of ours gives the vector, byte for byte.
    secure_boot signature "$real/signed_v2_$vector.bin" "$(size_of data.bin)" >made.sig
    expect_exit 0 otapack sign real.bin --signature made.sig --public-key "${vector}_1.pub.pem" \
        -o signed.bin
    same "$real/signed_v2_$vector.bin" signed.bin
done

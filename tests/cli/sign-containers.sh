# SPDX-License-Identifier: Apache-2.0
# sign on a combined image, on a Matter image, on Matter around combined: the application is signed,
# or --part; the layers around it follow, the other parts stay; it is what build makes of parts that
# were signed before.
. "$SOURCE/tests/matter-lib.sh"
. "$SOURCE/tests/sign-lib.sh"

take_key ecdsa-p256-a ecdsa-p256-b
A=ecdsa-p256-a B=ecdsa-p256-b
combined=$COMBINED
rcp_folder "$combined" rcp
rcp_part "$combined" 5 >host.bin
expect_exit 0 otapack sign host.bin --key $A.pem -o signed-host.bin
signed_by signed-host.bin host.bin $A

# ---- Combined -----------------------------------------------------------------------------------

reference_build rcp before.bin host.bin
same "$combined" before.bin
reference_build rcp expected.bin signed-host.bin
expect_exit 0 otapack sign "$combined" --key $A.pem -o signed.bin
no_out
same expected.bin signed.bin
expect_exit 0 otapack sign "$combined" --part host --key $A.pem -o signed.bin
same expected.bin signed.bin
cp "$combined" in-place.bin
chmod u+w in-place.bin
expect_exit 0 otapack sign in-place.bin --key $A.pem
same expected.bin in-place.bin
expect_exit 0 otapack verify signed.bin --key "$KEYS/$A.pub.pem" -a sig-chip # P-256, an ESP32-S3
expect_exit 0 otapack build --rcp-build-dir rcp --br-firmware signed-host.bin --target-file built.bin
same built.bin signed.bin
# Again without the signature: what it was.
expect_exit 0 otapack sign signed.bin --remove 0 -o unsigned.bin
same "$combined" unsigned.bin

# The RCP's firmware, and its bootloader: what lies behind in the file moves.
for part in firmware:esp_ot_rcp.bin bootloader:bootloader/bootloader.bin; do
    rm -rf signed-rcp
    cp -R rcp signed-rcp
    status=0
    otapack sign "rcp/${part#*:}" --key $B.pem -o "signed-rcp/${part#*:}" >out 2>err || status=$?
    [ $status -eq 0 ] || fail "${part%:*} cannot be signed by itself"
    signed_by "signed-rcp/${part#*:}" "rcp/${part#*:}" $B
    reference_build signed-rcp expected.bin signed-host.bin
    # In the RCP's flash the table may be in the way of a longer bootloader; build has the same say.
    status=0
    otapack build --rcp-build-dir signed-rcp --br-firmware signed-host.bin --target-file built.bin \
        >out 2>err || status=$?
    if [ $status -ne 0 ]; then
        grep -ao '\[[a-z-]*\]$' err | sort -u >built.ids
        expect_exit $status otapack sign signed.bin --part "${part%:*}" --key $B.pem -o both.bin
        grep -ao '\[[a-z-]*\]$' err | sort -u >signed.ids
        same built.ids signed.ids
        continue
    fi
    same expected.bin built.bin
    expect_exit 0 otapack sign signed.bin --part "${part%:*}" --key $B.pem -o both.bin
    same expected.bin both.bin
    expect_exit 0 otapack verify both.bin --part "${part%:*}" --key "$KEYS/$B.pub.pem"
    expect_exit 0 otapack verify both.bin --key "$KEYS/$A.pub.pem" -a sig-chip
    expect_exit 1 otapack verify both.bin --part "${part%:*}" --key "$KEYS/$A.pub.pem"
done
[ -f both.bin ] || fail 'neither firmware nor bootloader could be signed'

# An image without host firmware has no application.
refuse_sign 2 '--part' "$FIXTURES/rcp_image/good-rcp-only.bin" --key $A.pem
expect_exit 0 otapack sign "$FIXTURES/rcp_image/good-rcp-only.bin" --part firmware --key $A.pem \
    -o rcp-only.bin
rcp_part rcp-only.bin 4 >firmware.bin
rcp_part "$FIXTURES/rcp_image/good-rcp-only.bin" 4 >plain.bin
signed_by firmware.bin plain.bin $A

# Detached, of a part: what is signed is the part.
expect_exit 0 otapack sign "$combined" --digest-only --public-key "$KEYS/$A.pub.pem" -o data.bin
padded host.bin >expected.data
same expected.data data.bin
openssl_sign $A data.bin signature.bin
expect_exit 0 otapack sign "$combined" --signature signature.bin --public-key "$KEYS/$A.pub.pem" \
    -o detached.bin
rcp_part detached.bin 5 >detached-host.bin
signed_by detached-host.bin host.bin $A
expect_exit 0 otapack sign "$combined" --part firmware --digest-only \
    --public-key "$KEYS/$A.pub.pem" -o data.bin
expect_out '--part firmware'
rcp_part "$combined" 4 >firmware.bin
padded firmware.bin >expected.data
same expected.data data.bin

refuse_sign 2 'partition_table' "$combined" --part partition_table --key $A.pem
refuse_sign 2 'nowhere' "$combined" --part nowhere --key $A.pem
refuse_sign 2 'chip' "$combined" --part host.chip --key $A.pem
refuse_sign 2 'version' "$combined" --part version --key $A.pem
refuse_sign 1 '--append' signed.bin --key $B.pem

# ---- Matter -------------------------------------------------------------------------------------

demo_app app.bin 2.0
expect_exit 0 otapack sign app.bin --key $A.pem -o signed-app.bin
signed_by signed-app.bin app.bin $A
settings='min=1 max=1 url=https://example.com/notes'
# shellcheck disable=SC2086 # one argument per word
for type in 1 7 8; do
    matter make light.ota app.bin $settings type=$type
    matter make expected.ota signed-app.bin $settings type=$type
    expect_exit 0 otapack sign light.ota --key $A.pem -o signed.ota
    no_out
    same expected.ota signed.ota
    expect_exit 0 otapack sign light.ota --part payload --key $A.pem -o signed.ota
    same expected.ota signed.ota
    cp light.ota in-place.ota
    expect_exit 0 otapack sign in-place.ota --key $A.pem
    same expected.ota in-place.ota
    expect_exit 0 otapack verify signed.ota --key "$KEYS/$A.pub.pem" -a sig-chip
    expect_exit 1 otapack verify signed.ota --key "$KEYS/$B.pub.pem"
    expect_exit 0 otapack sign signed.ota --remove 0 -o unsigned.ota
    same light.ota unsigned.ota
    matter make expected-2.ota signed-app.bin $settings type=$type
done
expect_exit 0 otapack sign "$FIXTURES/matter/good-signed.bin" --remove 0 -o unsigned.ota
expect_exit 0 otapack sign unsigned.ota --key $A.pem -o signed.ota
same "$FIXTURES/matter/good-signed.bin" signed.ota

# ---- Matter around combined ---------------------------------------------------------------------

matter make border.ota "$combined" $settings software_version_string="$(
    otapack inspect "$combined" --get host.desc.version 2>/dev/null ||
        cut_bytes host.bin $AT_VERSION 32 | tr -d '\000'
)"
reference_build rcp expected-inner.bin signed-host.bin
matter make expected.ota expected-inner.bin $settings software_version_string="$(
    cut_bytes host.bin $AT_VERSION 32 | tr -d '\000'
)"
expect_exit 0 otapack verify border.ota
expect_exit 0 otapack sign border.ota --key $A.pem -o signed.ota
same expected.ota signed.ota
expect_exit 0 otapack sign border.ota --part payload.host --key $A.pem -o signed.ota
same expected.ota signed.ota
expect_exit 0 otapack verify signed.ota --key "$KEYS/$A.pub.pem" -a sig-chip
expect_exit 0 otapack sign border.ota --part payload.firmware --key $B.pem -o both.ota
expect_exit 0 otapack verify both.ota --part payload.firmware --key "$KEYS/$B.pub.pem"
expect_exit 1 otapack verify both.ota --key "$KEYS/$B.pub.pem"
expect_exit 1 otapack verify both.ota --require-signed

# A combined image that is cut off, or whose parts are not where its table says, gets no new table.
host_at=$(u32 "$FIXTURES/rcp_image/good-with-signed-host.bin" $(($(rcp_entry "$FIXTURES/rcp_image/good-with-signed-host.bin" 5) + 8)))
head -c $(($(size_of "$FIXTURES/rcp_image/good-with-signed-host.bin") - 100)) \
    "$FIXTURES/rcp_image/good-with-signed-host.bin" >cut.bin
[ "$host_at" -gt 0 ] || fail 'no host'
for file in cut.bin "$FIXTURES/rcp_image/bad-rcp-contiguous.bin"; do
    expect_exit 1 otapack sign "$file" --part firmware --key $A.pem -o none.bin
    expect_err 'not signed: .*\[rcp-(bounds|contiguous)\]$'
    no_file none.bin
done

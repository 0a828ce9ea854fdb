# SPDX-License-Identifier: Apache-2.0
# compat ota_image_tool extract writes what lies behind the header, all of it.
. "$SOURCE/tests/matter-lib.sh"

take() { otapack compat ota_image_tool extract "$@"; }
demo_matter ota.bin
expect_exit 0 take ota.bin payload.bin
no_out
no_err
same app.bin payload.bin
# Over what is there; trailing bytes and a wrong digest included.
echo earlier >payload.bin
expect_exit 0 take ota.bin payload.bin
same app.bin payload.bin
demo_matter odd.bin trailing=0011 digest=00 vendor_id=0
{ cat app.bin && printf '\000\021'; } >expected.bin
status=0
take odd.bin payload.bin >out 2>err || status=$?
same expected.bin payload.bin
[ "$status" -le 1 ] || fail "status $status"
echo text >text.bin
matter make text.ota text.bin
expect_exit 0 take text.ota payload.bin
same text.bin payload.bin

rm payload.bin
for file in app.bin "$FIXTURES/raw/empty.bin"; do
    expect_exit 1 take "$file" payload.bin
    no_file payload.bin
done
head -c 30 ota.bin >cut.bin
expect_exit 1 take cut.bin payload.bin
no_file payload.bin
expect_exit 2 take nofile.bin payload.bin
expect_exit 2 take ota.bin missing/payload.bin
no_file missing
cp ota.bin copy.bin
expect_exit 2 take copy.bin copy.bin
same ota.bin copy.bin

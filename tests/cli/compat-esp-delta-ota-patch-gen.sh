# SPDX-License-Identifier: Apache-2.0
# compat esp_delta_ota_patch_gen: the command lines of the script of esp_delta_ota, and what it says.
. "$SOURCE/tests/cli-lib.sh"
TOOL='otapack compat esp_delta_ota_patch_gen.py'
cp "$FIXTURES/secure_boot/good-rsa3072.bin" base.bin
cp "$FIXTURES/secure_boot/good-rsa3072-x3.bin" new.bin
if ! otapack delta base.bin new.bin -q -o try.patch 2>err; then
    expect_one_line_err 'libdivsufsort'
    skip 'built without libdivsufsort'
fi

both='Patch created successfully.
Patch file verified successfully'
expect_exit 0 $TOOL create_patch --chip esp32h2 --base_binary base.bin --new_binary new.bin \
    --patch_file_name x.patch
out_is "$both"
no_err
same x.patch try.patch
expect_exit 0 $TOOL create_patch --base_binary=base.bin --new_binary=new.bin
same patch.bin try.patch

expect_exit 0 $TOOL verify_patch --base_binary base.bin --patch_file_name x.patch --new_binary new.bin
out_is 'Patch file verified successfully'
expect_exit 1 $TOOL verify_patch --base_binary new.bin --patch_file_name x.patch --new_binary new.bin
no_out
expect_one_line_err 'x.patch: Failed to verify the patch: '
expect_exit 1 $TOOL verify_patch --base_binary base.bin --patch_file_name x.patch --new_binary base.bin
expect_one_line_err 'x.patch: Failed to verify the patch: '

# What the script asks of a base; the app that has none runs all the same, but the script says no.
drop x.patch
expect_exit 1 $TOOL create_patch --base_binary "$FIXTURES/esp_image/bad-esp-no-hash.bin" \
    --new_binary new.bin --patch_file_name x.patch
expect_one_line_err 'Failed to find validation hash in base binary'
no_file x.patch

expect_exit 2 $TOOL create_patch --base_binary base.bin
expect_one_line_err 'needs --new-binary'
expect_exit 2 $TOOL other
expect_one_line_err "Invalid command. Use 'create_patch' or 'verify_patch'"
expect_exit 2 $TOOL
[ -s err ] || fail 'nothing is said'
expect_exit 2 $TOOL create_patch --base_binary missing.bin --new_binary new.bin
expect_one_line_err 'missing.bin: '

# What is no patch makes nothing of a base, however good it is; and an app is never empty.
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" app.bin
cp "$FIXTURES/matter/good-app.bin" app.ota
: >empty
for file in app.bin app.ota; do
    expect_exit 1 otapack compat esp_delta_ota_patch_gen verify_patch --base_binary app.bin \
        --new_binary app.bin --patch_file_name $file
    expect_err "^otapack: $file: Failed to verify the patch: .*; name the file that create_patch wrote\$"
done
expect_exit 1 otapack compat esp_delta_ota_patch_gen create_patch --base_binary app.bin --new_binary empty \
    --patch_file_name none
expect_err 'is empty; give the new app$'
expect_exit 2 otapack compat esp_delta_ota_patch_gen create_patch --base_binary app.bin --new_binary app.bin \
    --patch_file_name -
[ ! -e none ] || fail 'a patch of nothing was written'

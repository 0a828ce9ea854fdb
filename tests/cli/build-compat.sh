# SPDX-License-Identifier: Apache-2.0
# compat create_ota_image takes that script's arguments in every form argparse does, and makes the
# folder of the target when it is missing; build does not. Both refuse what would break a device.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
reference_build "$RCP" rcp.expected
reference_build "$RCP" br.expected host.bin

expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$RCP" --target-file rcp.bin
no_out
same rcp.expected rcp.bin
expect_exit 0 otapack compat create_ota_image "--rcp-build-dir=$RCP" --br-firmware=host.bin \
    --target-file=br.bin
same br.expected br.bin
expect_exit 0 otapack compat create_ota_image --rcp "$RCP" --br host.bin --target short.bin
same br.expected short.bin
expect_exit 0 otapack compat create_ota_image --r="$RCP" --t=shorter.bin
same rcp.expected shorter.bin

# The last of an option given twice holds; an empty --br-firmware is none.
expect_exit 0 otapack compat create_ota_image --rcp-build-dir none --rcp-build-dir "$RCP" \
    --br-firmware none.bin --br-firmware host.bin --target-file never.bin --target-file last.bin
same br.expected last.bin
no_file never.bin
expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$RCP" --br-firmware '' --target-file no.bin
same rcp.expected no.bin
expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$RCP" --br-firmware= --target-file none.bin
same rcp.expected none.bin
expect_exit 2 otapack build --rcp-build-dir "$RCP" --br-firmware '' --target-file never.bin
no_file never.bin

# Missing folders, one below the other.
expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$RCP" --target-file new/er/rcp.bin
same rcp.expected new/er/rcp.bin
expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file other/er/rcp.bin
expect_one_line_err
no_file other

# What is required, and what there is not.
expect_exit 2 otapack compat create_ota_image --rcp-build-dir "$RCP"
expect_err 'target-file'
expect_exit 2 otapack compat create_ota_image --target-file x.bin
expect_err 'rcp-build-dir'
no_file x.bin
expect_exit 2 otapack compat create_ota_image --rcp-build-dir "$RCP" --target-file x.bin --recipe y
expect_exit 2 otapack compat create_ota_image --rcp-build-dir "$RCP" --target-file x.bin extra
expect_exit 2 otapack compat create_ota_images --rcp-build-dir "$RCP" --target-file x.bin
expect_err 'create_ota_image'
expect_exit 2 otapack compat
expect_err '^otapack: .'
no_file x.bin

# The fault of that script: a fourth flash argument made a corrupt container and status 0.
copy_rcp four
echo '0xf000 ota_data_initial.bin' >>four/flash_args
expect_exit 1 otapack compat create_ota_image --rcp-build-dir four --target-file made/x.bin
expect_err '\[rcp-flash-args\]$'
no_file made/x.bin

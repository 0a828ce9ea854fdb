# SPDX-License-Identifier: Apache-2.0
# The RCP's own firmware given as the host's: both are made from one ELF file, as the two hashes in
# their descriptions say. Hashes that are not filled in say nothing.
. "$SOURCE/tests/cli-lib.sh"

AT_ELF_HASH=$((AT_DESC + 144))
copy_rcp rcp
cp "$RCP/esp_ot_rcp.bin" host.bin
reference_build rcp expected.bin host.bin
refuse slot-content 'host' --rcp-build-dir rcp --br-firmware host.bin
only_check slot-content
allow slot-content expected.bin --rcp-build-dir rcp --br-firmware host.bin
expect_exit 1 otapack verify expected.bin
only_check slot-content
expect_exit 1 otapack inspect --json expected.bin
look '.files[0].root.parts.host | failing == ["slot-content"]' out >/dev/null ||
    fail 'slot-content is not said of the host'

# A byte of the hash differs: another build.
esp_data host.bin $AT_ELF_HASH $(($(u8 host.bin $AT_ELF_HASH) ^ 1))
expect_exit 0 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file ota.bin

# Neither has one.
# shellcheck disable=SC2046 # one argument per byte
for image in host.bin rcp/esp_ot_rcp.bin; do
    esp_data $image $AT_ELF_HASH $(head -c 32 /dev/zero | od -An -v -tu1)
done
expect_exit 0 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file zero.bin
expect_err '\[app-elf-hash\]$'
refuse_err '\[slot-content\]'

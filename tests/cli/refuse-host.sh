# SPDX-License-Identifier: Apache-2.0
# build --partition-table FILE, and the recipe's key of that name: a host firmware that does not fit
# its OTA slot, an RCP part that does not fit its storage, a file that is no partition table.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
reference_build "$RCP" expected.bin host.bin
set -- --rcp-build-dir "$RCP" --br-firmware host.bin

host_table fits.bin 0x100000 0x80000
expect_exit 0 otapack build "$@" --partition-table fits.bin --target-file ok.bin
same expected.bin ok.bin

# The slot: 16 bytes too small for an image grown past 64 KiB; then exactly large enough.
cp host.bin large.bin
esp_grow large.bin $((0x10000 - $(size_of host.bin) + 16))
reference_build "$RCP" large.expected large.bin
host_table slot.bin 0x10000 0x80000
refuse host-slot 'host' --rcp-build-dir "$RCP" --br-firmware large.bin --partition-table slot.bin
only_check host-slot
allow host-slot large.expected --rcp-build-dir "$RCP" --br-firmware large.bin \
    --partition-table slot.bin
cp host.bin full.bin
esp_grow full.bin $((0x10000 - $(size_of host.bin)))
expect_exit 0 otapack build --rcp-build-dir "$RCP" --br-firmware full.bin \
    --partition-table slot.bin --target-file full-ota.bin

# Without the table nobody can know.
expect_exit 0 otapack build --rcp-build-dir "$RCP" --br-firmware large.bin --target-file large-ota.bin
same large.expected large-ota.bin

# The storage of the RCP part: not even one copy fits.
host_table storage.bin 0x100000 0x1000
refuse host-storage 'rcp_fw|storage' "$@" --partition-table storage.bin
allow host-storage expected.bin "$@" --partition-table storage.bin

# The same through a recipe, with a path relative to it.
mkdir sub
cp slot.bin sub/host-table.bin
text_to sub/recipe.yaml <<END
otapack: 1
output: ota.bin
app: ../large.bin
rcp: {build_dir: "$RCP"}
partition_table: host-table.bin
END
expect_exit 1 otapack build sub/recipe.yaml
expect_err '\[host-slot\]$'
no_file sub/ota.bin
no_file ota.bin

# The option given a file that is something else, or nothing.
for wrong in host.bin "$RCP/rcp_version"; do
    drop x.bin
    status=0
    otapack build "$@" --partition-table "$wrong" --target-file x.bin >out 2>err || status=$?
    case $status in 1 | 2) ;; *) fail "$wrong as a partition table: exit status $status" ;; esac
    expect_err 'partition.table'
    no_file x.bin
done
expect_exit 2 otapack build "$@" --partition-table none.bin --target-file x.bin
expect_one_line_err
expect_err 'none\.bin'
no_file x.bin

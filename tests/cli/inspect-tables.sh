# SPDX-License-Identifier: Apache-2.0
# Tables that lie, given to the program: it ends soon, with status 1 and the right check. (tests/laws
# has what there is of them: law_tables.c, law_overlap.c.)
. "$SOURCE/tests/cli-lib.sh"

refused() { # refused ID COMMAND...
    refused_id=$1
    shift
    expect_exit 1 timeout 10 "$OTAPACK" "$@"
    expect_err "\\[$refused_id\\]\$"
}
good=$(combined_fixture)
cp "$good" bad.bin
chmod u+w bad.bin
poke32 bad.bin $(($(rcp_entry "$good" 5) + 8)) 4294967295
refused rcp-bounds verify bad.bin
refused rcp-bounds extract bad.bin -o parts
expect_exit 1 timeout 10 "$OTAPACK" inspect bad.bin
expect_out 'rcp-bounds'

# Six parts, each of them the whole file.
{
    u32le 255 84 0
    for tag in 0 1 2 3 4 5; do u32le $tag 84 0; done
} >nest.bin
refused rcp-contiguous verify nest.bin
expect_exit 1 timeout 10 "$OTAPACK" inspect --json nest.bin
look '.files[0].root.parts.host | .format == "raw" and .parts == {}' out >/dev/null || fail 'opened'

# A partition table without a right end, in a build.
copy_rcp rcp
poke rcp/partition_table/partition-table.bin 130 1 2
refused pt-entries build --rcp-build-dir rcp --target-file x.bin
expect_err 'partition_table.*\[pt-entries\]$'
no_file x.bin

# A flash of 32 MiB, whose offsets have more digits, keeps its columns.
pt_table large.bin 1 2 0x9000 0x6000 nvs 0 0x10 0x10000 0x1000000 ota_0 0 0x11 0x1010000 0xff0000 ota_1
expect_exit 0 otapack inspect large.bin
expect_out '^  nvs         0x009000       24,576  \|'
expect_out '^  not listed  0x00f000        4,096  \|'
expect_out '^  ota_1       0x1010000  16,711,680  \|.*\|  app ota_1$'

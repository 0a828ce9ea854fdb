# SPDX-License-Identifier: Apache-2.0
# verify: several files, each judged; failed checks as lines; --allow; -q; --partition-table.
. "$SOURCE/tests/cli-lib.sh"

good=$COMBINED
host_firmware app.bin
cp "$FIXTURES/esp_image/bad-esp-hash.bin" bad.bin
cp "$FIXTURES/esp_image/bad-app-dirty.bin" dirty.bin

for file in "$FIXTURES"/*/good-*.bin; do
    if lacks "$file"; then continue; fi
    expect_exit 0 otapack verify "$file"
    expect_out ', ok, '
    case $file in
        # Of schemes that ESP-IDF has dropped, or calls insecure on the chip.
        */good-ecdsa-p192.bin | */secure_boot/good-ecdsa-p384.bin) ;;
        *) no_err ;;
    esac
done

expect_exit 0 otapack verify "$good" app.bin
count_lines out '*, ok, *'
[ $count -eq 2 ] || fail 'a line for each file'
expect_exit 0 otapack verify -q "$good" app.bin
no_out
no_err

expect_exit 1 otapack verify "$good" bad.bin app.bin
count_lines out '*, ok, *'
[ $count -eq 2 ] || fail 'a line for each good file'
refuse_out 'bad\.bin: .*, ok, '
expect_err '^otapack: bad\.bin: .+; .+ \[esp-hash\]$'
count_lines err
[ $count -eq 1 ] || fail 'one line for one failed check'
expect_exit 1 otapack verify -q bad.bin
expect_err '\[esp-hash\]$'

expect_exit 2 otapack verify "$good" none.bin
expect_one_line_err
expect_err 'none\.bin'
expect_out ', ok, '

# A failed check and a failed expectation are two lines.
expect_exit 1 otapack verify bad.bin -e 'chip = nothing'
count_lines err
[ $count -eq 2 ] || fail 'two lines'

# The path within the file is named.
cp "$FIXTURES/rcp_image/bad-rcp-version-match.bin" rcp.bin
expect_exit 1 otapack verify rcp.bin
expect_err '^otapack: rcp\.bin: version: .*\[rcp-version-match\]$'

# Warnings pass, and are told.
expect_exit 0 otapack verify dirty.bin
expect_err '^otapack: dirty\.bin: .*warning: .*\[app-dirty\]$'

# --allow: by name, no other; not the unallowable.
expect_exit 0 otapack verify bad.bin --allow esp-hash
expect_err 'warning: .*\[esp-hash\]$'
expect_exit 1 otapack verify bad.bin --allow esp-checksum
expect_exit 2 otapack verify bad.bin --allow esp-hsah
expect_err 'esp-hsah.*esp-hash'
expect_exit 2 otapack verify bad.bin --allow esp-header
expect_one_line_err

# Standard input.
expect_exit 0 otapack verify - <app.bin
expect_exit 1 otapack verify - <bad.bin

# The host's partition table.
host_table fits.bin 0x100000 0x80000
expect_exit 0 otapack verify "$good" --partition-table fits.bin
cp app.bin large.bin
esp_grow large.bin $((0x10000 - $(size_of app.bin) + 16))
reference_build "$RCP" large-br.bin large.bin
host_table slot.bin 0x10000 0x80000
expect_exit 1 otapack verify large-br.bin --partition-table slot.bin
expect_err '^otapack: large-br\.bin: host: .*\[host-slot\]$'
expect_exit 1 otapack inspect large-br.bin --partition-table slot.bin
expect_exit 0 otapack verify large-br.bin --partition-table slot.bin --allow host-slot
expect_exit 0 otapack verify large-br.bin
# The smallest slot counts.
pt_table uneven.bin 1 0 0xf000 0x2000 otadata 0 0x10 0x20000 0x100000 ota_0 \
    0 0x11 0x600000 0x10000 ota_1 1 0x82 0xc00000 0x80000 rcp_fw
expect_exit 1 otapack verify large-br.bin --partition-table uneven.bin
expect_err '\[host-slot\]$'
# Storage: room for two copies, one, none; far enough from the edges for any file system's overhead.
copy_rcp rcp
esp_grow rcp/esp_ot_rcp.bin 400000
reference_build rcp heavy.bin app.bin
host_table two.bin 0x100000 0x180000
expect_exit 0 otapack verify heavy.bin --partition-table two.bin
no_err
host_table one.bin 0x100000 0x98000
expect_exit 0 otapack verify heavy.bin --partition-table one.bin
expect_err 'warning: .*\[host-storage-update\]$'
host_table no-room.bin 0x100000 0x50000
expect_exit 1 otapack verify heavy.bin --partition-table no-room.bin
expect_err '\[host-storage\]$'
expect_exit 2 otapack verify "$good" --partition-table missing.bin
expect_one_line_err
# A broken table of the host is no ground to judge on.
cp fits.bin broken.bin
poke broken.bin 4 0xf0
status=0
otapack verify "$good" --partition-table broken.bin >out 2>err || status=$?
case $status in 1 | 2) ;; *) fail "a broken host table: status $status" ;; esac
expect_err '^otapack: .*broken\.bin'

# SPDX-License-Identifier: Apache-2.0
# extract FILE -o FOLDER writes every part into a folder (which it makes), byte for byte what went
# in, and nothing else beside it; without -o it writes to the folder it runs in, or names one, and
# never over a file that is there.
. "$SOURCE/tests/cli-lib.sh"

# What has no parts, or only names other files, makes no folder.
expect_exit 1 otapack extract "$FIXTURES/raw/html.bin" -o page.bin
expect_err 'it has no parts to write; otapack inspect shows'
expect_exit 1 otapack extract "$FIXTURES/raw/html.bin"
expect_exit 1 otapack extract "$FIXTURES/manifest/good-web.json"
expect_err 'it has no parts to write; name one that has bytes, such as builds\[0\]\.flash$'
expect_exit 1 otapack extract "$FIXTURES/manifest/good-web.json" 'builds[0]' -o build.bin
expect_err 'builds\[0\] has no bytes; name one that has bytes, such as builds\[0\]\.flash$'
expect_exit 1 otapack extract "$FIXTURES/manifest/good-web.json" 'builds[0].files[0]'
expect_err 'has no bytes; otapack inspect shows what is in the file$'
[ -z "$(ls -d -- *.parts *.bin 2>/dev/null)" ] || fail 'something was written'

host_firmware app.bin
reference_build "$RCP" br.bin app.bin
reference_build "$RCP" rcp.bin

# holds FOLDER FILE...: a file with the bytes of each FILE is in the folder.
holds() {
    holder=$1
    shift
    find "$holder" -type f -exec sha256sum {} + >sums
    for wanted; do
        grep -q "^$(sha256_of "$wanted") " sums || fail "$holder holds no copy of $wanted"
    done
}
rcp_part br.bin 1 >records

expect_exit 0 otapack extract br.bin -o parts
holds parts app.bin "$RCP/esp_ot_rcp.bin" "$RCP/bootloader/bootloader.bin" \
    "$RCP/partition_table/partition-table.bin" "$RCP/rcp_version"
expect_exit 0 otapack extract rcp.bin -o rcp-parts
holds rcp-parts "$RCP/esp_ot_rcp.bin" "$RCP/bootloader/bootloader.bin"
expect_exit 0 otapack extract "$FIXTURES/flash/good-merged-esp32h2.bin" -o flash-parts
holds flash-parts "$RCP/esp_ot_rcp.bin"
folder_is . app.bin br.bin rcp.bin records parts rcp-parts flash-parts out err sums

# Into a folder below a missing one: not made up.
expect_exit 2 otapack extract br.bin -o missing/parts
expect_one_line_err
no_file missing
echo text >file
expect_exit 2 otapack extract br.bin -o file
expect_one_line_err
[ "$(<file)" = text ] || fail 'the file was damaged'

# Without -o, in an empty folder: one part, then all.
mkdir empty
expect_exit 0 env -C empty "$OTAPACK" extract ../br.bin firmware
[ "$(ls -A empty | wc -l)" -eq 1 ] || fail 'one part is one file'
holds empty "$RCP/esp_ot_rcp.bin"
made=$(ls -A empty)
echo mine >"empty/$made"
expect_exit 2 env -C empty "$OTAPACK" extract ../br.bin firmware
expect_one_line_err
expect_err "$made"
[ "$(<"empty/$made")" = mine ] || fail 'a file that was there was overwritten'
folder_is empty "$made"

mkdir all
expect_exit 0 env -C all "$OTAPACK" extract ../br.bin
holds all app.bin "$RCP/esp_ot_rcp.bin" "$RCP/bootloader/bootloader.bin"
find all -type f | sort >before
while read -r name; do echo mine >"$name"; done <before
expect_exit 2 env -C all "$OTAPACK" extract ../br.bin
expect_err '^otapack: .'
while read -r name; do
    [ "$(<"$name")" = mine ] || fail "$name was overwritten"
done <before
find all -type f | sort >after
same before after

# Labels of partitions are untrusted: they cannot lead out of the folder.
mkdir trap
cp "$FIXTURES/flash/good-merged-esp32h2.bin" trap.bin
chmod u+w trap.bin
for label in '../../escaped' '/tmp/otapack-escaped' '..' '.' 'a/b' ''; do
    {
        pt_entry 1 2 0x9000 0x6000 nvs
        pt_entry 0 0 0x10000 0x100000 "$label"
    } | pt_finish table
    overwrite trap.bin 32768 <table
    rm -rf trap/in
    status=0
    otapack extract trap.bin -o trap/in >out 2>err || status=$?
    case $status in 0 | 1 | 2) ;; *) fail "label '$label': status $status" ;; esac
    case $(ls -A trap) in '' | in) ;; *) fail "label '$label' led out of the folder" ;; esac
    no_file escaped
    no_file ../escaped
    no_file /tmp/otapack-escaped
done

# SPDX-License-Identifier: Apache-2.0
# Combined images whose table lies: sizes near 2^32, parts outside the file, overlapping, gaps, a
# table of 0 bytes or more than 84, tags twice or unknown. Status 1, the right check, soon; and what
# can be read still is.
. "$SOURCE/tests/cli-lib.sh"
many_runs

good=$(combined_fixture)
changed() { # changed OFFSET NUMBER...: a copy with these words there
    cp "$good" bad.bin
    chmod u+w bad.bin
    poke32 bad.bin "$@"
}
refused() { # refused ID...: each of these fails
    expect_exit 1 timeout 10 "$OTAPACK" inspect --json bad.bin
    cp out refused.json
    for id; do
        look ".files[0].root | failing | index(\"$id\") != null" refused.json >/dev/null ||
            fail "$id did not fail, but: $(jq -c "$JQ"'.files[0].root | failing' refused.json)"
    done
    expect_exit 1 timeout 10 "$OTAPACK" verify bad.bin
    expect_err "\\[$1\\]\$"
    expect_exit 1 timeout 10 "$OTAPACK" inspect bad.bin
    rm -rf parts
    status=0
    timeout 10 "$OTAPACK" extract bad.bin -o parts >out 2>err || status=$?
    case $status in 0 | 1 | 2) ;; *) fail "extract: status $status" ;; esac
}

# Entry 0.
for size in 0 1 12 23 25 83 85 96 108 255 65535 2147483648 4294967280 4294967295; do
    changed 4 "$size"
    expect_exit 1 timeout 10 "$OTAPACK" inspect --json bad.bin
    look '.files[0].root | failing | length > 0' out >/dev/null || fail "a table of $size bytes"
    case $size in
        0 | 12 | 96 | 108) look '.files[0].root | failing | index("rcp-table") != null' out >/dev/null ||
            fail "a table of $size bytes is not rcp-table" ;;
    esac
done
changed 4 0
refused rcp-table
changed 4 96
refused rcp-table
changed 8 12
refused rcp-table

# The other entries: size, then offset.
size=$(size_of "$good")
for tag in 0 1 2 3 4 5; do
    entry=$(rcp_entry "$good" $tag)
    was=$(u32 "$good" $((entry + 4))) at=$(u32 "$good" $((entry + 8)))
    for value in 4294967295 4294967280 $((4294967296 - at)) 2147483648 $((size + 1)); do
        changed $((entry + 4)) "$value"
        refused rcp-bounds
        changed $((entry + 8)) "$value"
        refused rcp-bounds
    done
    changed $((entry + 8)) $((at + 4))
    refused rcp-contiguous
    changed $((entry + 8)) 0
    refused rcp-contiguous
    [ "$was" -gt 4 ] || fail 'a tiny part'
done

# Just outside: the last part one byte too long.
entry=$(rcp_entry "$good" 5)
changed $((entry + 4)) $(($(u32 "$good" $((entry + 4))) + 1))
refused rcp-bounds
changed $((entry + 4)) $(($(u32 "$good" $((entry + 4))) - 1))
refused rcp-trailing

# Tags.
changed "$(rcp_entry "$good" 3)" 2
refused rcp-duplicate
changed "$(rcp_entry "$good" 5)" 6
refused rcp-tags
changed "$(rcp_entry "$good" 5)" $((0xff))
expect_exit 1 otapack inspect bad.bin
changed "$(rcp_entry "$good" 0)" 4294967295
refused rcp-tags rcp-parts

# A part of no bytes.
changed $(($(rcp_entry "$good" 5) + 4)) 0
expect_exit 1 otapack inspect bad.bin

# A broken part does not hide its neighbours.
changed "$(u32 "$good" $(($(rcp_entry "$good" 4) + 8)))" 0
expect_exit 1 otapack inspect --json bad.bin
look '.files[0].root.parts | .host.parts.desc.fields.version.value != null and
    .bootloader.fields.chip.value == "esp32h2"' out >/dev/null || fail 'the neighbours are gone'

# ESP images: a segment length near 2^32, more segments than there may be.
host_firmware app.bin
cp app.bin bad.bin
for length in 4294967295 4294967292 2147483648 16777216 3; do
    poke32 bad.bin 28 "$length"
    refused esp-header
done
for count in 0 17 255; do
    cp app.bin bad.bin
    poke bad.bin 1 "$count"
    refused esp-header
done

# Partition tables: a partition that wraps around 2^32, one that fills it all.
{
    pt_entry 1 2 0x9000 0x6000 nvs
    pt_entry 0 0 0xffff0000 0x20000 factory
} | pt_finish bad.bin
expect_exit 1 timeout 10 "$OTAPACK" inspect bad.bin
{
    pt_entry 1 2 0x9000 0xfffff000 nvs
    pt_entry 0 0 0x10000 0x100000 factory
} | pt_finish bad.bin
refused pt-overlap

# SPDX-License-Identifier: Apache-2.0
# Parts of a combined image that lie on the table or on an earlier part are shown, but not opened:
# else a table of 60 bytes, whose parts are all the whole file, would be read for a long time.
. "$SOURCE/tests/cli-lib.sh"

soon() { # soon STATUS ARGUMENT...
    soon_status=$1
    shift
    expect_exit "$soon_status" timeout 10 "$OTAPACK" "$@"
}

# nest TAG...: each of these parts is the whole file.
nest() {
    {
        u32le 255 $((12 * ($# + 1))) 0
        for tag; do u32le "$tag" $((12 * ($# + 1))) 0; done
    } >nest.bin
}
for tags in 2 3 4 5 '2 3' '4 5' '2 3 4' '2 3 4 5' '3 4 5 2' '0 1 2 3 4 5' '1 2 3 4 5' '2 2 2 2 2 2'; do
    # shellcheck disable=SC2086 # words
    nest $tags
    soon 1 inspect --json nest.bin
    look '[.files[0].root.parts | .bootloader, .partition_table, .firmware, .host | select(.)] |
        length > 0 and all(.[]; .format == "raw" and (.error | length > 0) and .parts == {})' out \
        >/dev/null || fail "parts $tags were opened"
    soon 1 inspect nest.bin
    soon 1 verify nest.bin
    expect_err '\[rcp-contiguous\]$'
    rm -rf parts
    timeout 10 "$OTAPACK" extract nest.bin -o parts >out 2>err || [ $? -lt 3 ] || fail 'extract'
done

# Only the part that lies on another is shut.
good=$(combined_fixture)
moved() { # moved TAG BY: that part begins elsewhere, and is as long as before
    cp "$good" moved.bin
    entry=$(rcp_entry moved.bin "$1")
    poke32 moved.bin $((entry + 8)) $(($(u32 moved.bin $((entry + 8))) + $2))
    soon 1 inspect --json moved.bin
    look '.files[0].root | failing | index("rcp-contiguous") != null' out >/dev/null ||
        fail "part $1 moved by $2 is not rcp-contiguous"
}
shut() { # shut NAME...: these parts, of the four images, are not opened
    jq -r '.files[0].root.parts | to_entries[] | select(.value.error? != null) | .key' out |
        sort | tr '\n' ' ' >found
    [ "$(cat found)" = "$* " ] || fail "these parts have an error: $(cat found)instead of $*"
}
moved 4 -4
shut firmware
look '.files[0].root.parts | .firmware.format == "raw" and .host.format == "esp_image"' out \
    >/dev/null || fail 'a neighbour is shut'
moved 5 -1
shut host
moved 2 -4
shut bootloader
moved 3 -8
shut partition_table

# A part on the table itself.
cp "$good" moved.bin
poke32 moved.bin $(($(rcp_entry moved.bin 2) + 8)) 4
soon 1 inspect --json moved.bin
look '.files[0].root.parts | .bootloader.format == "raw" and (.bootloader.error | length > 0) and
    .firmware.format == "esp_image" and .host.format == "esp_image"' out >/dev/null ||
    fail 'a part on the table is opened, or far ones are not'

# Merely apart, with bytes between them, they are all read.
{
    cut_bytes "$good" 0 "$(u32 "$good" $(($(rcp_entry "$good" 5) + 8)))"
    printf 'gap!'
    rcp_part "$good" 5
} >apart.bin
poke32 apart.bin $(($(rcp_entry apart.bin 5) + 8)) \
    $(($(u32 "$good" $(($(rcp_entry "$good" 5) + 8))) + 4))
soon 1 inspect --json apart.bin
look '.files[0].root.parts | .host.format == "esp_image" and .firmware.format == "esp_image"' out \
    >/dev/null || fail 'parts with a gap between them are shut'

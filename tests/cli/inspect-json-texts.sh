# SPDX-License-Identifier: Apache-2.0
# JSON stays JSON whatever texts get into it: labels that are no UTF-8, a partition called like a
# part that otapack names itself, long names of missing files.
. "$SOURCE/tests/cli-lib.sh"
many_runs

# valid: ./out is JSON in UTF-8, and no object in it has a name twice (which jq would not mind).
valid() {
    iconv -f UTF-8 -t UTF-8 out >again || fail 'the JSON is no UTF-8'
    same out again
    jq -c --stream 'select(length == 2) | .[0]' out >names 2>jq.err || fail "no JSON: $(cat jq.err)"
    grep -Fqx '["otapack"]' names || fail 'the JSON is not of otapack'
    sort names | uniq -d >twice
    [ ! -s twice ] || fail "names that stand twice: $(head -3 twice)"
}
json() { # json STATUS ARGUMENT...
    json_status=$1
    shift
    expect_exit "$json_status" otapack inspect --json "$@"
    valid
}

# The host's partition table; its labels are in messages.
image=$(combined_fixture)
for label in "$(printf 'ota\377\376')" "$(printf '\303')" "$(printf 'a\200\200\200')" \
    "$(printf '\355\240\200')" "$(printf '\364\220\200\200')" "$(printf 'q"\\\b\033')" \
    "$(printf 'fifteen_letters\303')"; do
    {
        pt_entry 0 0x10 0x10000 0x1000 "$label"
        pt_entry 1 0x82 0x420000 0xa0000 rcp_fw
    } | pt_finish table.bin
    json 1 "$image" --partition-table table.bin
    look '.files[0].root | failing | index("host-slot") != null' out >/dev/null ||
        fail 'host-slot did not fail'
    otapack inspect --json table.bin >out 2>err || :
    valid

    # In a table of a merged image, where labels become names.
    cp "$FIXTURES/flash/good-merged-esp32h2.bin" flash.bin
    {
        pt_entry 1 2 0x9000 0x6000 "$label"
        pt_entry 0 0 0x10000 0x100000 "$label"
    } | pt_finish table.bin
    overwrite flash.bin $((0x8000)) <table.bin
    json 0 flash.bin
done

# Partitions called like parts of a merged image, and like each other.
for label in unused bootloader partition_table unused_2 'unused[0]' entries; do
    for at in 0x9000 0xa000; do # right behind the table's sector, or with unused flash between
        cp "$FIXTURES/flash/good-merged-esp32h2.bin" flash.bin
        {
            pt_entry 1 2 $at 0x1000 "$label"
            pt_entry 1 1 0xd000 0x1000 "$label"
            pt_entry 0 0 0x10000 0x100000 "$label"
        } | pt_finish table.bin
        overwrite flash.bin $((0x8000)) <table.bin
        json 0 flash.bin
        # Every part has its own place, and all are there.
        look '.files[0].root | [.parts[] | if type == "array" then .[] else . end] |
            sort_by(.offset) | . as $p | all(range(1; length); $p[.].offset ==
            $p[. - 1].offset + $p[. - 1].size)' out >/dev/null || fail "$label: the parts do not tile"
        look '.files[0].root | [nodes | select(.format == "esp_image")] | length == 2' out \
            >/dev/null || fail "$label: bootloader or app are missing"
    done
done

# Missing files with long names: cut somewhere, but not amid a character.
for character in "$(printf '\303\251')" "$(printf '\342\202\254')" "$(printf '\360\237\223\246')"; do
    for lead in '' a ab abc; do
        for count in 60 250 500 1500; do
            name=$lead$(printf "%${count}s" '' | sed "s/ /$character/g")
            json 2 "$name"
            json 2 "$name" "$image"
        done
    done
done

# A name that is no UTF-8.
name=$(printf 'no\377name')
cp "$image" "$name" || skip 'no such names here'
json 0 "$name"
json 2 "$name.none"

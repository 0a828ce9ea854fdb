# SPDX-License-Identifier: Apache-2.0
# The tree of each kind of image has the parts and fields that its format promises, and their values
# are what the bytes say (read here by od).
. "$SOURCE/tests/cli-lib.sh"

# tree FILE: of which what follows holds. holds MESSAGE PROGRAM. held: looks whether it all did.
tree() {
    expect_exit 0 otapack inspect --json "$1"
    claims=empty claimed=0
}
holds() {
    claims="$claims, (if ($2) then \"ok\" else \"$1\" end)" claimed=$((claimed + 1))
}
held() {
    jq -r "$JQ.files[0].root | ($claims)" out >held || fail "$file: jq failed"
    [ "$(grep -cx ok held)" -eq "$claimed" ] || fail "$file: not so: $(grep -vx ok held)"
}
esp_fields='["type","magic","segment_count","spi_mode","spi_speed","spi_size","entry_addr","wp_pin",
    "spi_pin_drv","chip","chip_id","min_chip_rev","min_chip_rev_full","max_chip_rev_full","reserved",
    "hash_appended","image_length","checksum"]'
app_fields='["magic_word","secure_version","reserv1","version","project_name","time","date","idf_ver",
    "app_elf_sha256","min_efuse_blk_rev_full","max_efuse_blk_rev_full","mmu_page_size"]'
boot_fields='["magic_byte","secure_version","version","idf_ver","date_time"]'

for file in "$FIXTURES"/rcp_image/good-*.bin; do
    tree "$file"
    entries=$(($(u32 "$file" 4) / 12))
    holds 'fields' ".fields.table_size.value == $(u32 "$file" 4) and
        .fields.entry_count.value == $entries"
    holds 'table' ".parts.table | length == $entries and all(.format == \"rcp_table_entry\" and
        .size == 12 and ([\"tag\",\"size\",\"offset\"] - (.fields | keys)) == [])"
    holds 'formats' '.parts | .version.format == "text" and .flash_args.format == "flash_args" and
        .bootloader.format == "esp_image" and .partition_table.format == "partition_table" and
        .firmware.format == "esp_image"'
    holds 'kinds' '.parts | .bootloader.fields.type.value == "bootloader" and
        .firmware.fields.type.value == "app"'
    rcp_part "$file" 0 >version
    holds 'version' ".parts.version.fields.text.value == $(jq -Rs . <version)"
    rcp_part "$file" 1 >records
    holds 'records' ".parts.flash_args.parts.records |
        [.[] | .fields.tag.value, .fields.address.value] == [$(
            od -An -v -tu4 --endian=little records | tr -s ' \n' ',' | sed 's/^,//; s/,$//'
        )]"
    number=12
    for part in version flash_args bootloader partition_table firmware host; do
        [ "$number" -lt "$(u32 "$file" 4)" ] || break
        holds "$part" ".parts.$part | .size == $(u32 "$file" $((number + 4))) and
            .offset == $(u32 "$file" $((number + 8)))"
        number=$((number + 12))
    done
    if [ "$entries" -eq 7 ]; then
        holds 'host' '.parts.host | .format == "esp_image" and .fields.type.value == "app" and
            .parts.desc.format == "app_desc"'
    else
        holds 'no host' '.parts.host == null'
    fi
    held
done

for file in "$FIXTURES"/esp_image/good-*.bin; do
    tree "$file"
    holds 'fields' "$esp_fields - (.fields | keys) == []"
    holds 'header' ".fields | .magic.value == 233 and .segment_count.value == $(u8 "$file" 1) and
        .entry_addr.value == $(u32 "$file" 4) and .wp_pin.value == $(u8 "$file" 8) and
        .chip_id.value == $(u16 "$file" 12) and .min_chip_rev.value == $(u8 "$file" 14) and
        .min_chip_rev_full.value == $(u16 "$file" 15) and
        .max_chip_rev_full.value == $(u16 "$file" 17)"
    esp_walk "$file"
    holds 'length' ".fields.image_length.value == $esp_end and
        .fields.checksum.value == $(u8 "$file" "$esp_checksum_at")"
    case $(u16 "$file" 12) in
        0) chip=esp32 ;; 5) chip=esp32c3 ;; 9) chip=esp32s3 ;; 13) chip=esp32c6 ;;
        16) chip=esp32h2 ;; *) chip=unknown ;;
    esac
    holds 'chip' ".fields.chip.value == \"$chip\""
    holds 'segments' ".parts.segments | length == $(u8 "$file" 1) and
        all([\"load_addr\",\"data_len\"] - (.fields | keys) == [])"
    at=24
    for index in $(seq 0 $(($(u8 "$file" 1) - 1))); do
        holds "segment $index" ".parts.segments[$index] | .offset == $at and
            .fields.load_addr.value == $(u32 "$file" $at) and
            .fields.data_len.value == $(u32 "$file" $((at + 4))) and
            .size == 8 + .fields.data_len.value"
        at=$((at + 8 + $(u32 "$file" $((at + 4)))))
    done
    if [ "$(u8 "$file" 23)" -eq 1 ]; then
        holds 'hash' ".fields.hash.value == \"$(cut_bytes "$file" $((esp_end - 32)) 32 |
            od -An -v -tx1 | tr -d ' \n')\""
    fi
    if [ "$(u32 "$file" $AT_DESC)" -eq $((0xabcd5432)) ]; then
        holds 'type' '.fields.type.value == "app" and .parts.desc.format == "app_desc" and
            .parts.desc.overlay == true and .parts.desc.offset == 32 and .parts.desc.size == 256'
        holds 'desc' "$app_fields - (.parts.desc.fields | keys) == []"
        holds 'texts' ".parts.desc.fields |
            .version.value == \"$(cut_bytes "$file" $AT_VERSION 32 | tr -d '\0')\" and
            .project_name.value == \"$(cut_bytes "$file" $AT_PROJECT 32 | tr -d '\0')\" and
            .idf_ver.value == \"$(cut_bytes "$file" $AT_IDF 32 | tr -d '\0')\" and
            .secure_version.value == $(u32 "$file" $AT_SECURE_VERSION)"
    else
        holds 'type' '.fields.type.value == "bootloader"'
        if [ "$(u8 "$file" $AT_DESC)" -eq 80 ]; then
            holds 'desc' ".parts.desc.format == \"bootloader_desc\" and .parts.desc.size == 80 and
                $boot_fields - (.parts.desc.fields | keys) == []"
        fi
    fi
    held
done

for file in "$FIXTURES"/partition_table/good-*.bin; do
    tree "$file"
    count=0
    while [ "$(u16 "$file" $((count * 32)))" -eq $((0x50aa)) ]; do count=$((count + 1)); done
    holds 'entries' ".fields.entry_count.value == $count and (.parts.partitions | length) == $count"
    for index in $(seq 0 $((count - 1))); do
        at=$((index * 32))
        holds "partition $index" ".parts.partitions[$index] | .offset == $at and .size == 32 and
            .fields.offset.value == $(u32 "$file" $((at + 4))) and
            .fields.size.value == $(u32 "$file" $((at + 8))) and
            .fields.label.value == \"$(cut_bytes "$file" $((at + 12)) 16 | tr -d '\0')\" and
            ([\"magic\",\"type\",\"subtype\",\"flags\"] - (.fields | keys)) == []"
    done
    held
done

for file in "$FIXTURES"/ota_data/good-*.bin; do
    tree "$file"
    holds 'entries' '.parts.entries | length == 2 and (.[0].offset == 0) and (.[1].offset == 4096)
        and all(["ota_seq","seq_label","ota_state","crc"] - (.fields | keys) == [])'
    holds 'numbers' ".parts.entries | .[0].fields.ota_seq.value == $(u32 "$file" 0) and
        .[1].fields.ota_seq.value == $(u32 "$file" 4096)"
    held
done

for file in "$FIXTURES"/flash/good-*.bin; do
    tree "$file"
    holds 'parts' '.parts | .bootloader.format == "esp_image" and
        .bootloader.fields.type.value == "bootloader" and
        .partition_table.format == "partition_table" and .partition_table.offset == 32768'
    # Each partition that begins inside the file is a part under its label, at its address.
    holds 'partitions' '. as $root | [.parts.partition_table.parts.partitions[].fields |
        {label: .label.value, at: .offset.value}] | map(select(.at < $root.size)) |
        length > 0 and all(. as $p | $root.parts[$p.label].offset == $p.at)'
    holds 'an app' '[.parts[] | objects | select(.format == "esp_image" and
        .fields.type.value == "app")] | length >= 1'
    held
done

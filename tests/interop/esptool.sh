# SPDX-License-Identifier: Apache-2.0
# Espressif's esptool reads what otapack reads, and sees the same: chip, entry point, segments and
# their memory, checksum, hash, revisions, flash settings and descriptions. The images are the
# fixtures, good and damaged ones, whatever otapack cuts out of images that it built, and real
# firmware where there is any. Whatever esptool prints, otapack must say too; the reverse need not
# hold, for esptool prints less.

export LC_ALL=C
if command -v esptool >/dev/null; then
    esptool=esptool
elif command -v esptool.py >/dev/null; then
    esptool=esptool.py
else
    echo 'skipped: esptool is not installed'
    exit 77
fi
command -v jq >/dev/null || { echo 'skipped: jq is not installed'; exit 77; }

# esptool's text as lines "NAME VALUE...", with numbers in decimal. A segment's memory types are a
# line each: newer tables of Espressif's list more of them. Of a wrong hash esptool prints the right
# one.
cat >esptool.awk <<'EOF'
function number(hex,    i, n) {
    hex = tolower(hex)
    sub(/^0x/, "", hex)
    for (i = 1; i <= length(hex); i++)
        n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n + 0
}
function revision(text,    v) {
    sub(/^v/, "", text)
    sub(/,$/, "", text)
    split(text, v, ".")
    return v[1] * 100 + v[2]
}
function memory(segment, list,    t, n, i) {
    n = split(list, t, ", *")
    for (i = 1; i <= n; i++)
        print "memory", segment, t[i]
}
function verdict(text) { return text ~ /^\(valid/ ? "valid" : "invalid" }
function rest() { sub(/^[^:]*: */, ""); sub(/ +$/, ""); return $0 }
/^Entry point: /            { print "entry", sprintf("%.0f", number($3)) }
/^Segments: /               { print "segments", $2 }
/^Flash size: /             { print "spi_size", $3 }
/^Flash freq: /             { print "spi_speed", $3 }
/^Flash mode: /             { print "spi_mode", tolower($3) }
/^WP pin: /                 { print "wp_pin", number($3) }
/^Chip ID: /                { id = $3; name = tolower($4); gsub(/[-()]/, "", name)
                              print "chip", name; print "chip_id", id }
/^Minimal chip revision: /  { print "min_chip_rev_full", revision($4) }
/^Maximal chip revision: /  { print "max_chip_rev_full", revision($4) }
/^ +[0-9]+  0x/             { if (first == "") first = $1 # esptool 4.7 counts from 1, and 4.9 from 0
                              i = $1 - first + 1
                              printf "segment %d %d %.0f %d\n", i, number($2), number($3), number($4)
                              types = $0; sub(/^ *[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ */, "", types)
                              memory(i, types) }
/^Checksum: /               { print "checksum", number($2), verdict($3) }
/^Validation hash: /        { print "hash", (verdict($4) == "valid" ? $3 " valid" : "invalid") }
/^Project name: /           { print "project_name", rest() }
/^App version: /            { print "version", rest() }
/^Bootloader version: /     { print "version", rest() }
/^ESP-IDF: /                { print "idf_ver", rest() }
/^Compile time: /           { gsub(/  +/, " "); print "built", rest() }
/^ELF file SHA256: /        { print "app_elf_sha256", rest() }
/^Secure version: /         { print "secure_version", rest() }
EOF

# The same lines out of `otapack inspect --json`.
cat >otapack.jq <<'EOF'
def value($node; $name): $node.fields[$name].value;
def shown($node; $name): $node.fields[$name] | (.text // (.value | tostring));
def verdict($node; $id):
    if any($node.checks[]; .id == $id and .verdict == "fail") then "invalid" else "valid" end;
.files[0].root
| . as $image
| .parts.segments as $segments
| .parts.desc as $desc
| "entry \(value($image; "entry_addr"))",
  "segments \($segments | length)",
  "spi_size \(shown($image; "spi_size"))",
  "spi_speed \(shown($image; "spi_speed"))",
  "spi_mode \(shown($image; "spi_mode") | ascii_downcase)",
  "wp_pin \(value($image; "wp_pin"))",
  "chip \(value($image; "chip"))",
  "chip_id \(value($image; "chip_id"))",
  "min_chip_rev_full \(value($image; "min_chip_rev_full"))",
  "max_chip_rev_full \(value($image; "max_chip_rev_full"))",
  ($segments | to_entries[] | .value as $s
   | "segment \(.key + 1) \(value($s; "data_len")) \(value($s; "load_addr")) \($s.offset)",
     "memory \(.key + 1) \(shown($s; "memory") | split(", *"; null)[])"),
  "checksum \(value($image; "checksum")) \(verdict($image; "esp-checksum"))",
  "hash \(if verdict($image; "esp-hash") == "valid" then value($image; "hash") + " valid"
          else "invalid" end)",
  if $desc == null then empty else
    (["project_name", "version", "idf_ver", "app_elf_sha256", "secure_version"][]
     | select($desc.fields[.] != null) | "\(.) \(value($desc; .))"),
    ("built " + if $desc.fields.date_time != null then value($desc; "date_time")
                else value($desc; "date") + " " + value($desc; "time") end | gsub("  +"; " "))
  end
EOF

images=0 lines=0 wrong=0

# esptool 5 has one form alone, and - for _ in its commands.
look='image_info --version 2'
"$esptool" image_info --help 2>&1 | grep -q -e '--version' || look=image-info

# compare FILE: does nothing with what otapack does not take for an ESP image, or cannot read to its
# end (a header that it refuses), what is for a chip that this esptool does not know, and where it ends
# with an exception: for a description that is cut off, from 4.8 on.
compare() {
    "$OTAPACK" inspect --json "$1" >json 2>err || [ $? = 1 ] || { cat err; exit 1; }
    [ "$(jq -r '.files[0].root | .format + (.error // "")' json)" = esp_image ] || return 0
    chip=$(jq -r '.files[0].root.fields.chip.value' json)
    # shellcheck disable=SC2086 # words
    if ! "$esptool" --chip "$chip" $look "$1" >text 2>&1; then
        grep -Eq "invalid choice|Invalid value for '--chip'|struct\.error|unpack requires" text && return 0
        echo "$1: esptool refuses what otapack reads:"
        tail -3 text
        wrong=$((wrong + 1))
        return 0
    fi
    tr -d '\000' <text >clean && mv clean text # it prints texts with all their NULs
    awk -f esptool.awk text | sort -u >theirs
    jq -r -f otapack.jq json | sort -u >ours
    comm -23 theirs ours >differ
    if [ -s differ ]; then
        echo "$1: esptool says, and otapack does not:"
        sed 's/^/    /' differ
        wrong=$((wrong + 1))
    fi
    # What must have been seen, lest a change of esptool's words empty the comparison.
    for name in chip entry segments segment memory checksum; do
        grep -q "^$name " theirs && continue
        echo "$1: nothing of esptool's was taken for the $name"
        wrong=$((wrong + 1))
    done
    images=$((images + 1))
    lines=$((lines + $(wc -l <theirs)))
}

# parts IMAGE: those that otapack cuts out of it.
parts() {
    rm -rf parts
    "$OTAPACK" extract "$1" -o parts >/dev/null
    for part in $(find parts -type f | sort); do
        compare "$part"
    done
}

# shellcheck disable=SC2153 # run-cli.sh sets FIXTURES
for file in "$FIXTURES"/esp_image/*.bin; do
    compare "$file"
done
fixtures=$images
[ "$fixtures" != 0 ] || { echo 'no fixture was compared'; exit 1; }

built=0
for recipe in "$FIXTURES"/recipes/*.yaml; do
    "$OTAPACK" build "$recipe" -o built.bin -q
    compare built.bin
    parts built.bin
    built=$((built + 1))
done
[ "$images" -gt "$fixtures" ] || { echo 'no part of a built image was compared'; exit 1; }

if [ -n "${OTAPACK_VECTORS-}" ]; then
    "$OTAPACK" build --rcp-build-dir "$OTAPACK_VECTORS/thread-br/rcp_build" \
        --br-firmware "$OTAPACK_VECTORS/thread-br/br/esp_ot_br.bin" --target-file built.bin -q
    parts built.bin
    for file in $(find "$OTAPACK_VECTORS/" -type f -name '*.bin' | sort); do
        compare "$file"
    done
else
    echo 'skipped: real firmware (OTAPACK_VECTORS is not set)'
fi

echo "$images images, $lines lines of esptool's compared; $wrong images differ"
[ "$wrong" = 0 ]

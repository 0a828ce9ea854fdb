# SPDX-License-Identifier: Apache-2.0
# Real firmware: every ESP image that esptool looked at has the values esptool saw, field by field.
# Names repeat in expected.json, so each record is found by its SHA-256.
. "$SOURCE/tests/cli-lib.sh"
vectors

find "$VECTORS" -type f -exec sha256sum {} + >sums
jq -c '.[] | select(.size)' "$VECTORS/expected.json" >records

# Names that esptool gives to numbers; the JSON may have either as value or text.
compare='
def mode: ["qio","qout","dio","dout","fast read","slow read"][.];
def flat: tostring | ascii_downcase | gsub("[_-]"; " ");
def is($name; $field; $wanted): select($field.value != $wanted) | "\($name): \($field) is not \($wanted)";
def flag($name; $field; $wanted):
    select(($field.value == $wanted or $field.value == (if $wanted then 1 else 0 end)) | not) |
    "\($name): \($field) is not \($wanted)";
def called($name; $field; $number; $text):
    select((($field.value == $number) or ($field.value | flat) == $text or
        (($field.text // "") | flat) == $text) | not) |
    "\($name): \($field) is not \($number) (\($text))";
def verdict($id): [.checks[] | select(.id == $id) | .verdict];
. as $e | $tree[0].files[0] as $f | $f.root as $r | $r.fields as $v |
(if $e.chip == "esp32h2" then {"15": "48mhz", "0": "24mhz"}
 elif $e.chip == "esp32c6" then {"0": "80mhz"} else {"15": "80mhz", "0": "40mhz"} end) as $speeds |
["1mb","2mb","4mb","8mb","16mb","32mb","64mb","128mb"] as $sizes |
[
    is("size"; {value: $f.size}; $e.size),
    is("format"; {value: $r.format}; "esp_image"),
    is("type"; $v.type; if $e.app_desc then "app" else "bootloader" end),
    is("chip"; $v.chip; $e.chip),
    is("chip_id"; $v.chip_id; $e.chip_id),
    is("entry_addr"; $v.entry_addr; $e.entry),
    called("spi_mode"; $v.spi_mode; $e.spi_mode; $e.spi_mode | mode),
    called("spi_size"; $v.spi_size; ($e.spi_size_freq / 16 | floor);
        $sizes[$e.spi_size_freq / 16 | floor]),
    called("spi_speed"; $v.spi_speed; $e.spi_size_freq % 16;
        $speeds[$e.spi_size_freq % 16 | tostring]),
    is("wp_pin"; $v.wp_pin; $e.wp_pin),
    is("min_chip_rev_full"; $v.min_chip_rev_full; $e.min_chip_rev_full),
    is("max_chip_rev_full"; $v.max_chip_rev_full; $e.max_chip_rev_full),
    is("segment_count"; $v.segment_count; $e.segments | length),
    is("segments"; {value: ($r.parts.segments | length)}; $e.segments | length),
    ($e.segments[] | . as $s | $r.parts.segments[.index] | "segments[\($s.index)]" as $name |
        is($name + ".load_addr"; .fields.load_addr; $s.load_addr),
        is($name + ".data_len"; .fields.data_len; $s.length),
        is($name + ".offset"; {value: .offset}; $s.file_offset)),
    is("checksum"; $v.checksum; $e.checksum),
    is("esp-checksum"; {value: ($r | verdict("esp-checksum"))};
        [if $e.checksum_valid then "pass" else "fail" end]),
    flag("hash_appended"; $v.hash_appended; $e.hash_appended),
    is("hash"; $v.hash; $e.hash),
    is("esp-hash"; {value: ($r | verdict("esp-hash"))};
        [if $e.hash_valid then "pass" else "fail" end]),
    (($e.app_desc // $e.bootloader_desc // {}) | to_entries[] |
        (if .key == "mmu_page_size_log2" then "mmu_page_size" else .key end) as $name |
        is("desc." + $name; $r.parts.desc.fields[$name]; .value)),
    (if $e.app_desc then is("desc"; {value: $r.parts.desc.format}; "app_desc")
     elif $e.bootloader_desc then is("desc"; {value: $r.parts.desc.format}; "bootloader_desc")
     else is("desc"; {value: $r.parts.desc}; null) end)
] | .[]'

count=0
while read -r record; do
    sum=$(printf '%s' "$record" | jq -r .sha256)
    file=$(sed -n "s/^$sum  //p" sums | head -1)
    [ -n "$file" ] || fail "no file with the SHA-256 $sum"
    expect_exit 0 otapack inspect --json "$file"
    printf '%s' "$record" | jq -r --slurpfile tree out "$compare" >differences ||
        fail "$file: jq could not compare"
    [ ! -s differences ] || fail "$file: $(cat differences)"
    count=$((count + 1))
done <records
[ "$count" -eq "$(jq '[.[] | select(.size)] | length' "$VECTORS/expected.json")" ] || fail 'count'
[ "$count" -ge 8 ] || fail "only $count records"
echo "$count images agree"

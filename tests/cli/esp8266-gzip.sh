# SPDX-License-Identifier: Apache-2.0
# What is inside a gzip file is found, through a signature too, and extracted as gunzip unpacks it; of
# what gzip writes at each level, with any header; what does not unpack, or is too large, or holds
# something else, is told as what it is.
. "$SOURCE/tests/cli-lib.sh"
need gzip

GOOD=$FIXTURES/esp8266
arduino=$GOOD/good-arduino.bin

extracted() { # extracted FILE PATH EXPECTED
    rm -f part.bin
    expect_exit 0 otapack extract "$1" "$2" -o part.bin
    same "$3" part.bin
    expect_exit 0 otapack extract "$1" "$2" -o -
    same "$3" out
}
for file in "$GOOD"/good-gzip*.bin; do
    case $file in *signed.bin) continue ;; esac
    gunzip -c <"$file" >unpacked.bin
    extracted "$file" content unpacked.bin
done
head -c 572 "$GOOD/good-gzip-signed.bin" >inner.bin
gunzip -c <inner.bin >unpacked.bin
extracted "$GOOD/good-gzip-signed.bin" image.content unpacked.bin
extracted "$GOOD/good-gzip-signed.bin" image inner.bin
cut_bytes unpacked.bin 4096 $(($(size_of unpacked.bin) - 4096)) >sketch.bin
extracted "$GOOD/good-gzip-signed.bin" image.content.sketch sketch.bin
head -c 112 unpacked.bin >eboot.bin
extracted "$GOOD/good-gzip.bin" content.eboot eboot.bin
gunzip -c <"$GOOD/bad-esp8266-sig-inside.bin" >inside.bin
extracted "$GOOD/bad-esp8266-sig-inside.bin" content inside.bin
head -c 4368 inside.bin >inside-image.bin
extracted "$GOOD/bad-esp8266-sig-inside.bin" content.image inside-image.bin
expect_exit 2 otapack extract "$arduino" content -o none.bin
expect_one_line_err
no_file none.bin

# Everything that gzip writes.
cp "$arduino" sketch.ino.bin
for level in 1 6 9; do
    for name in -n -N; do
        gzip -$level $name -c sketch.ino.bin >packed.bin
        expect_exit 0 otapack inspect --json packed.bin
        look '.files[0].root | failing == [] and .format == "gzip" and
            .parts.content.format == "esp8266_arduino"' out >/dev/null || fail "level $level $name"
        extracted packed.bin content "$arduino"
    done
done
# From a pipe.
expect_exit 0 otapack inspect --json - <packed.bin
look '.files[0].root | failing == [] and .parts.content.format == "esp8266_arduino"' out >/dev/null ||
    fail 'from standard input'

# only ID FILE: inspect and verify fail it for this alone, with a remedy.
only() {
    expect_exit 1 otapack inspect --json "$2"
    [ "$(jq -r "$JQ"'.files[0].root | failing | join(" ")' out)" = "$1" ] ||
        fail "$2: not $1 alone: $(jq -c "$JQ.files[0].root | failing" out)"
    expect_exit 1 otapack verify "$2"
    expect_err "^otapack: .*: .+; .+ \\[$1\\]\$"
}
only gzip-content "$FIXTURES/raw/gzip.bin"
tar -cf sketch.tar sketch.ino.bin 2>/dev/null || skip 'no tar'
gzip -c sketch.tar >tar.gz
only gzip-content tar.gz
gzip -c "$FIXTURES/esp_image/good-app-esp32.bin" >esp32.gz
only gzip-content esp32.gz
expect_exit 1 otapack inspect esp32.gz
expect_out 'gunzip'
printf '<!DOCTYPE html>\n<html></html>\n' | gzip -c >html.gz
only gzip-content html.gz
gzip -c packed.bin >twice.gz
only gzip-content twice.gz
: | gzip -c >empty.gz
only gzip-content empty.gz
cat packed.bin packed.bin >members.gz
only gzip-trailing members.gz
{ cat packed.bin; printf x; } >byte.gz
only gzip-trailing byte.gz
{ cat packed.bin; head -c 600 /dev/zero; } >zeros.gz
only gzip-trailing zeros.gz

# ISIZE and CRC, a bit each.
size=$(size_of packed.bin)
for bit in 1 2 128; do
    cp packed.bin bad.bin
    poke bad.bin $((size - 4)) $(($(u8 bad.bin $((size - 4))) ^ bit))
    only gzip-length bad.bin
    cp packed.bin bad.bin
    poke bad.bin $((size - 8)) $(($(u8 bad.bin $((size - 8))) ^ bit))
    only gzip-crc bad.bin
    expect_exit 0 otapack inspect bad.bin -a gzip-crc
done

# Cut off: at the end, in the data, in the header.
for n in 1 4 7; do
    head -c $((size - n)) packed.bin >cut.bin
    expect_exit 1 otapack verify cut.bin
    expect_err '^otapack: cut\.bin: .+; .+ \[gzip-(data|length|trailing)\]$'
done
head -c $((size / 2)) packed.bin >cut.bin
only gzip-data cut.bin
for n in 3 5 9; do
    head -c $n packed.bin >cut.bin
    only gzip-header cut.bin
done
# Not what can be allowed.
expect_exit 2 otapack inspect cut.bin -a gzip-header
expect_exit 2 otapack inspect cut.bin -a gzip-data

# 16 MiB is what an ESP8266 can have; more is not unpacked, and takes neither time nor memory.
head -c $((16 << 20)) /dev/zero | gzip -c >most.gz
only gzip-content most.gz
head -c $(((16 << 20) + 1)) /dev/zero | gzip -c >more.gz
only gzip-data more.gz
expect_err '16 MiB'
head -c 1000000000 /dev/zero | gzip -1c >bomb.gz
only gzip-data bomb.gz

# In a partition of an ESP32 nobody unpacks it; a small file with many of them would take gigabytes.
cp "$FIXTURES/flash/good-merged-esp32h2.bin" flash.bin
chmod u+w flash.bin
head -c 512 packed.bin | overwrite flash.bin $((0x10000))
expect_exit 1 otapack inspect --json flash.bin
look '[.files[0].root.parts[] | objects | select(.offset == 65536) | .format] == ["raw"]' out \
    >/dev/null || fail 'a partition was unpacked'

have_vectors || exit 0
for file in "$VECTORS/esp8266/sketch.bin.gz" "$VECTORS/esp8266/sketch.bin.gz.signed"; do
    case $file in
        *.signed) extracted "$file" image.content "$VECTORS/esp8266/sketch.bin" ;;
        *) extracted "$file" content "$VECTORS/esp8266/sketch.bin" ;;
    esac
done

# SPDX-License-Identifier: Apache-2.0
# Recipes with esp8266: an image as it is, with other settings, put together of eboot and sketch,
# compressed, signed: the bytes are those of elf2bin.py, signing.py and openssl; what is wrong in the
# recipe or its inputs is told, and nothing is written.
. "$SOURCE/tests/cli-lib.sh"
need gzip openssl

KEY=rsa2048.pem PUB=$FIXTURES/keys/rsa2048.pub.pem
image=good-arduino.bin
cp "$FIXTURES/keys/rsa2048.pem" "$FIXTURES/keys/rsa3072-a.pem" "$FIXTURES/keys/ecdsa-p256-a.pem" .
chmod 600 ./*.pem
cp "$FIXTURES/esp8266/$image" sketch.bin
recipe() { # recipe LINES...: of the map esp8266; what is at the left margin goes to the top
    {
        printf 'otapack: 1\nesp8266:\n'
        for line; do
            case $line in
                top:*) ;;
                *) printf '  %s\n' "$line" ;;
            esac
        done
        for line; do
            case $line in top:*) printf '%s\n' "${line#top:}" ;; esac
        done
    } >recipe.yaml
}
build() { # build FILE LINES...: the recipe is built, twice to the same bytes, without warnings
    built=$1
    shift
    recipe "$@"
    expect_exit 0 otapack build recipe.yaml -o "$built"
    refuse_err 'warning: '
    expect_exit 0 otapack build recipe.yaml -o again.out
    same "$built" again.out
    expect_exit 0 otapack verify "$built"
}
signed_bytes() { # signed_bytes FILE SIZE: writes covered.bin and signature.bin
    signed_size=$(size_of "$1")
    [ "$(u32 "$1" $((signed_size - 4)))" -eq "$2" ] || fail "$1: another length at the end"
    head -c $((signed_size - 4 - $2)) "$1" >covered.bin
    cut_bytes "$1" $((signed_size - 4 - $2)) "$2" >signature.bin
}

# ---- As it is, put together ---------------------------------------------------------------------

build out.bin 'image: sketch.bin'
same sketch.bin out.bin

# eboot and sketch, as they are linked: before anybody stamped them.
halves() { # halves IMAGE EBOOT-SIZE
    head -c "$2" "$1" >eboot.bin
    tail -c +4097 "$1" >app.bin
}
halves sketch.bin 112
head -c 4096 sketch.bin >padded-eboot.bin
build out.bin 'eboot: eboot.bin' 'sketch: app.bin'
same sketch.bin out.bin
poke32 app.bin 16 0 0
build out.bin 'eboot: eboot.bin' 'sketch: app.bin'
same sketch.bin out.bin
build out.bin 'eboot: padded-eboot.bin' 'sketch: app.bin'
same sketch.bin out.bin
expect_exit 0 otapack build recipe.yaml -o out.bin --depfile out.d
for input in recipe.yaml padded-eboot.bin app.bin; do
    grep -q "[ :]$input" out.d || fail "the depfile does not name $input: $(cat out.d)"
done

# ---- Settings -----------------------------------------------------------------------------------

# changes FILE: which bytes differ from sketch.bin, as offsets.
changes() { cmp -l sketch.bin "$1" | awk '{ printf "%s%d", sep, $1 - 1; sep = " " }'; }
build out.bin 'image: sketch.bin' 'flash_mode: qio'
[ "$(changes out.bin | sed 's/ 411[6-9]//g')" = '2 4098' ] || fail "changed: $(changes out.bin)"
same "$FIXTURES/esp8266/good-arduino-qio.bin" out.bin
build out.bin 'image: sketch.bin' 'flash_size: 16MB' 'flash_freq: 20m'
[ "$(changes out.bin | sed 's/ 411[6-9]//g')" = '3 4099' ] || fail "changed: $(changes out.bin)"
same "$FIXTURES/esp8266/good-arduino-16mb.bin" out.bin
build out.bin 'image: sketch.bin' 'flash_mode: DOUT' 'flash_freq: 26m' 'flash_size: 1M'
same "$FIXTURES/esp8266/good-arduino-dout-1mb.bin" out.bin
build out.bin 'eboot: eboot.bin' 'sketch: app.bin' 'flash_size: 512KB' 'flash_freq: 80m'
same "$FIXTURES/esp8266/good-arduino-512kb.bin" out.bin
build out.bin 'image: sketch.bin' 'flash_mode: dio' 'flash_freq: 40m' 'flash_size: 4MB'
same sketch.bin out.bin
# Whatever the checksum counts, it is right afterwards.
cp "$FIXTURES/esp8266/good-arduino-stamped-first.bin" first.bin
build out.bin 'image: first.bin'
same first.bin out.bin
build out.bin 'image: first.bin' 'flash_mode: qio'
cp "$FIXTURES/esp8266/good-arduino-short-segment.bin" short.bin
build out.bin 'image: short.bin' 'flash_mode: qio'
# Settings that differ are made the same.
cp "$FIXTURES/esp8266/bad-esp8266-settings.bin" differ.bin
build out.bin 'image: differ.bin' 'flash_mode: dio'
same sketch.bin out.bin
expect_exit 0 otapack build recipe.yaml -o out.bin --set esp8266.flash_mode=qio
same "$FIXTURES/esp8266/good-arduino-qio.bin" out.bin

# ---- Compressed ---------------------------------------------------------------------------------

build out.gz 'image: sketch.bin' 'compress: true'
gunzip -c <out.gz >unpacked.bin
same sketch.bin unpacked.bin
[ "$(size_of out.gz)" -le "$(gzip -9nc sketch.bin | wc -c)" ] || fail 'larger than gzip -9 makes it'
[ "$(u8 out.gz 3)" -eq 0 ] && [ "$(u32 out.gz 4)" -eq 0 ] || fail 'a name or a time is in it'
touch -d '2001-01-01' sketch.bin
expect_exit 0 otapack build recipe.yaml -o later.gz
same out.gz later.gz
build out.bin 'image: sketch.bin' 'compress: false'
same sketch.bin out.bin
build out.gz 'image: sketch.bin' 'compress: true' 'flash_mode: qio'
gunzip -c <out.gz >unpacked.bin
same "$FIXTURES/esp8266/good-arduino-qio.bin" unpacked.bin

# ---- Signed -------------------------------------------------------------------------------------

signed() { # signed FILE KEY SIZE: openssl judges
    signed_bytes "$1" "$3"
    openssl dgst -sha256 -verify "$FIXTURES/keys/$2.pub.pem" -signature signature.bin covered.bin \
        >openssl.log 2>&1 || fail "openssl refuses $1"
    expect_exit 0 otapack verify "$1" --key "$FIXTURES/keys/$2.pub.pem"
}
for scheme in '' 'scheme: esp8266-rsa, '; do
    build out.signed 'image: sketch.bin' "top:sign: {${scheme}keys: [$KEY]}"
    signed out.signed rsa2048 256
    same sketch.bin covered.bin
    same "$FIXTURES/esp8266/good-signed.bin" out.signed
done
build out.signed 'image: sketch.bin' 'top:sign: {keys: [rsa3072-a.pem]}'
same "$FIXTURES/esp8266/good-signed-rsa3072.bin" out.signed
expect_exit 0 otapack build recipe.yaml -o out.signed --depfile out.d
for input in recipe.yaml sketch.bin rsa3072-a.pem; do
    grep -q "[ :]$input" out.d || fail "the depfile does not name $input: $(cat out.d)"
done
recipe 'image: sketch.bin' "top:sign: {scheme: esp8266-rsa-legacy, keys: [$KEY]}"
expect_exit 0 otapack build recipe.yaml -o out.signed
same "$FIXTURES/esp8266/good-signed-legacy.bin" out.signed

# Compressed, then signed: the unpacked bytes are the image, and what is signed ends at a multiple of 4
# whatever the size.
for more in 0 1 2 3 4 5 6 7; do
    cp sketch.bin this.bin
    [ $more -eq 0 ] || build this.bin 'image: sketch.bin' "flash_size: $(echo \
        512KB 256KB 1MB 2MB 8MB 16MB 4MB-c1 | cut -d' ' -f$more)"
    build out.signed 'image: this.bin' 'compress: true' "top:sign: {keys: [$KEY]}"
    signed out.signed rsa2048 256
    [ $(($(size_of covered.bin) % 4)) -eq 0 ] || fail 'no multiple of 4'
    gunzip -c <covered.bin >unpacked.bin
    same this.bin unpacked.bin
    expect_exit 0 otapack inspect --json out.signed
    look '.files[0].root | failing == []' out >/dev/null || fail 'warnings'
done
# The same as in steps.
build out.gz 'image: sketch.bin' 'compress: true'
expect_exit 0 otapack sign out.gz --scheme esp8266-rsa --key $KEY -o steps.signed
expect_exit 0 otapack verify steps.signed --key "$PUB"

# ---- The device ---------------------------------------------------------------------------------

build out.bin 'image: sketch.bin' \
    'device: {flash_size: 4MB, flash_mode: qio, free_space: 8192, layout: 4m2m, sketch_size: 300000}'
same sketch.bin out.bin
refused() { # refused ID LINES...
    refused_check=$1
    shift
    recipe "$@"
    refuse "$refused_check" '' recipe.yaml
    only_check "$refused_check"
    expect_exit 0 otapack build recipe.yaml -o allowed.bin -a "$refused_check"
}
refused esp8266-flash-size 'image: sketch.bin' 'device: {flash_size: 1MB}'
refused esp8266-flash-size 'image: sketch.bin' 'device: {layout: 1m64}'
refused esp8266-flash-mode 'image: sketch.bin' 'compress: true' 'device: {flash_mode: qio}'
refused esp8266-free-space 'image: sketch.bin' 'device: {free_space: 8191}'
refused esp8266-free-space 'image: sketch.bin' 'device: {layout: "4MB:0x4000", sketch_size: 8193}'
cp "$FIXTURES/esp8266/bad-esp8266-copy.bin" copy.gz
gunzip -c <copy.gz >copy.bin
refused esp8266-copy 'image: copy.bin' 'compress: true' 'device: {layout: "4MB:0x7000"}'
build out.gz 'image: copy.bin' 'compress: true' 'device: {layout: "4MB:0x8000"}'
build out.gz 'image: sketch.bin' 'flash_size: 1MB' 'flash_mode: qio' 'compress: true' \
    'device: {flash_size: 1MB, flash_mode: qio}'

# ---- Inputs that are not what they should be ----------------------------------------------------

not() { # not REGEX LINES...: refused for what an input is; nothing is written
    not_words=$1
    shift
    recipe "$@"
    rm -rf made
    mkdir made
    status=0
    otapack build recipe.yaml -o made/out.bin >out 2>err || status=$?
    last_command="otapack build recipe.yaml: $*"
    [ "$status" -eq 1 ] || fail "exit status $status"
    no_out
    expect_one_line_err
    expect_err "^otapack: .*$not_words"
    expect_err '; .'
    folder_is made
}
for bad in checksum checksum-sketch length crc header-sketch; do
    cp "$FIXTURES/esp8266/bad-esp8266-$bad.bin" bad.bin
    not "bad\\.bin.*\\[esp8266-${bad%-sketch}\\]\$" 'image: bad.bin'
    not "bad\\.bin.*\\[esp8266-${bad%-sketch}\\]\$" 'image: bad.bin' 'flash_mode: qio'
done
cp "$FIXTURES/esp8266/good-gzip.bin" "$FIXTURES/esp8266/good-signed.bin" \
    "$FIXTURES/esp8266/good-v1.bin" "$FIXTURES/esp8266/good-v2.bin" \
    "$FIXTURES/esp8266/good-gzip-signed.bin" "$FIXTURES/esp_image/good-app-esp32.bin" \
    "$FIXTURES/raw/html.bin" .
for name in good-gzip good-signed good-gzip-signed good-v1 good-v2 good-app-esp32 html; do
    not "$name\\.bin" "image: $name.bin"
done
not 'good-gzip\.bin.*compress' 'image: good-gzip.bin' 'compress: true'
not 'good-signed\.bin.*sign' 'image: good-signed.bin' "top:sign: {keys: [$KEY]}"
not 'sketch\.bin' 'eboot: eboot.bin' 'sketch: sketch.bin'
not 'sketch\.bin' 'eboot: sketch.bin' 'sketch: app.bin'
not 'html\.bin' 'eboot: html.bin' 'sketch: app.bin'
cp "$FIXTURES/esp8266/bad-esp8266-free-space.bin" large.bin
tail -c +4097 large.bin >large-app.bin
poke32 large-app.bin 16 0 0
not 'large-app\.bin' 'eboot: large-app.bin' 'sketch: app.bin'

# Sketches of cores before 2.6 have code where length and CRC would be written. As it is, such an
# image can be used.
cp sketch.bin old.bin
poke32 old.bin 4112 0x12345678 0x9abcdef1
poke old.bin 4367 $(($(u8 old.bin 4367) ^ $(xor 0x12 0x34 0x56 0x78 0x9a 0xbc 0xde 0xf1)))
old='top:allow: [esp8266-length, esp8266-crc]'
recipe 'image: old.bin' 'compress: true' "$old"
expect_exit 0 otapack build recipe.yaml -o old.gz
gunzip -c <old.gz >unpacked.bin
same old.bin unpacked.bin
not 'old\.bin.*\[esp8266-length\]$' 'image: old.bin' 'flash_mode: qio' "$old"
# What is allowed does not hide what is not.
not 'old\.bin: .*\[esp8266-crc\]$' 'image: old.bin' 'top:allow: [esp8266-length]'
tail -c +4097 old.bin >old-app.bin
not 'old-app\.bin: .*code.*2\.6' 'eboot: eboot.bin' 'sketch: old-app.bin'
not 'good-v1\.bin: .*code.*2\.6' 'eboot: good-v1.bin' 'sketch: good-v1.bin'
# Nor is it hidden by new sums that something was damaged, and allowed.
cp "$FIXTURES/esp8266/bad-esp8266-crc.bin" bad.bin
not 'bad\.bin.*hide.*\[esp8266-crc\]$' 'image: bad.bin' 'flash_mode: qio' 'top:allow: [esp8266-crc]'

# ---- Recipes that are not what they should be ---------------------------------------------------

wrong() { # wrong LINE:COLUMN REGEX LINES...
    wrong_at=$1 wrong_words=$2
    shift 2
    recipe "$@"
    recipe_refused "$wrong_at" "$wrong_words"
    expect_err '; .|did you mean'
}
wrong - 'image' 'compress: true'
wrong - 'eboot' 'image: sketch.bin' 'eboot: eboot.bin'
wrong - 'sketch' 'image: sketch.bin' 'sketch: app.bin'
wrong - 'eboot' 'sketch: app.bin'
wrong - 'sketch' 'eboot: eboot.bin'
wrong 4:15 "flash_mode 'dual'.*qio, qout, dio, dout" 'image: sketch.bin' 'flash_mode: dual'
wrong 4:15 "flash_freq '80mhz'.*80m" 'image: sketch.bin' 'flash_freq: 80mhz'
wrong 4:15 "flash_size '3MB'.*4MB" 'image: sketch.bin' 'flash_size: 3MB'
wrong 4:13 "compress 'maybe'.*true or false" 'image: sketch.bin' 'compress: maybe'
wrong 4:3 "mode.*flash_mode" 'image: sketch.bin' 'mode: qio'
wrong 4:20 "layout '4m9m'" 'image: sketch.bin' 'device: {layout: 4m9m}'
wrong 4:24 "flash_size 'big'" 'image: sketch.bin' 'device: {flash_size: big}'
wrong 4:12 "key 'flashsize'" 'image: sketch.bin' 'device: {flashsize: 4MB}'
wrong 4:15 "ecdsa-p256-a\\.pem.*RSA" 'image: sketch.bin' 'top:sign: {keys: [ecdsa-p256-a.pem]}'
wrong 4:16 'secure-boot-v2.*esp8266-rsa' 'image: sketch.bin' \
    "top:sign: {scheme: secure-boot-v2, keys: [$KEY]}"
printf 'otapack: 1\napp: %s\nesp8266: {image: sketch.bin}\n' "$FIXTURES/esp_image/good-app-esp32.bin" \
    >recipe.yaml
recipe_refused - 'esp8266'
printf 'otapack: 1\nesp8266: {image: sketch.bin}\nmatter: {vendor_id: 1, product_id: 2, software_version: 3}\n' \
    >recipe.yaml
recipe_refused - 'esp8266|matter'
printf 'otapack: 1\napp: %s\nsign: {scheme: esp8266-rsa, keys: [%s]}\n' \
    "$FIXTURES/esp_image/good-app-esp32.bin" $KEY >recipe.yaml
recipe_refused - 'esp8266-rsa'
printf 'otapack: 1\nesp8266: sketch.bin\n' >recipe.yaml
recipe_refused 2:10 'esp8266 must be a map'
# Two keys, of which an ESP8266 can know one.
recipe 'image: sketch.bin' "top:sign: {keys: [$KEY, rsa3072-a.pem]}"
recipe_refused - 'one'
# The old format and compression do not go together: no core knows both.
recipe 'image: sketch.bin' 'compress: true' "top:sign: {scheme: esp8266-rsa-legacy, keys: [$KEY]}"
status=0
otapack build recipe.yaml -o none.bin >out 2>err || status=$?
[ "$status" -ne 0 ] || fail 'legacy and compressed'
no_file none.bin
expect_err '^otapack: .+; .+ \[esp8266-sig-legacy-gzip\]$'
# A key as the target stays what it is.
recipe 'image: sketch.bin' "top:sign: {keys: [$KEY]}"
expect_exit 2 otapack build recipe.yaml -o $KEY
expect_err 'also an input'
same "$FIXTURES/keys/rsa2048.pem" $KEY

# ---- Real files ---------------------------------------------------------------------------------

have_vectors || exit 0
REAL=$VECTORS/esp8266
cp "$REAL/sketch.bin" real.bin
cp "$REAL/arduino_private.key" private.key
chmod 600 private.key real.bin
head -c 3488 real.bin >eboot.bin
tail -c +4097 real.bin >app.bin
build out.bin 'image: real.bin'
same real.bin out.bin
build out.bin 'eboot: eboot.bin' 'sketch: app.bin'
same real.bin out.bin
build out.signed 'image: real.bin' 'top:sign: {keys: [private.key]}'
same "$REAL/sketch.bin.signed" out.signed
recipe 'image: real.bin' 'top:sign: {scheme: esp8266-rsa-legacy, keys: [private.key]}'
expect_exit 0 otapack build recipe.yaml -o out.signed
same "$REAL/sketch.bin.legacy_sig" out.signed
build out.gz 'image: real.bin' 'compress: true'
gunzip -c <out.gz >unpacked.bin
same real.bin unpacked.bin
[ "$(size_of out.gz)" -le "$(gzip -9nc real.bin | wc -c)" ] || fail 'larger than gzip -9 makes it'
build out.signed 'eboot: eboot.bin' 'sketch: app.bin' 'compress: true' 'top:sign: {keys: [private.key]}'
signed_bytes out.signed 256
gunzip -c <covered.bin >unpacked.bin
same real.bin unpacked.bin
[ $(($(size_of covered.bin) % 4)) -eq 0 ] || fail 'no multiple of 4'
openssl dgst -sha256 -verify "$REAL/arduino_public.key" -signature signature.bin covered.bin \
    >openssl.log 2>&1 || fail 'openssl refuses it'

# With -q, not even that others can read the key.
cp "$FIXTURES/keys/rsa2048.pem" rsa2048.pem
chmod 644 rsa2048.pem
printf 'otapack: 1\nesp8266:\n  image: %s\nsign:\n  keys: [rsa2048.pem]\n' \
    "$FIXTURES/esp8266/good-arduino.bin" >quiet.yaml
expect_exit 0 otapack build quiet.yaml -o quiet.bin -q
no_err
expect_exit 0 otapack build quiet.yaml -o quiet.bin
expect_err 'warning: others than its owner can read'

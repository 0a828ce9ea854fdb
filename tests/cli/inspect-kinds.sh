# SPDX-License-Identifier: Apache-2.0
# What is not firmware is named, and texts in JSON and on a terminal are harmless, as the program says
# them. (tests/laws: law_kinds.c, law_texts.c.)
. "$SOURCE/tests/cli-lib.sh"

printf '<!DOCTYPE html>\n<html><body>404</body></html>\n' >a
expect_exit 1 otapack inspect --json a
look '.files[0].root | .format == "raw" and (.fields.kind.value | test("HTML")) and
    failing == ["known-format"]' out >/dev/null || fail 'HTML is not named'
expect_exit 1 otapack verify a
expect_err '^otapack: .*a: .*; .*\[known-format\]$'
printf '{"images":[{"path":"b.bin"},{"path":"c.bin"}]}' >a
expect_exit 1 otapack verify a
expect_err 'manifest \(.*: b\.bin, c\.bin\)'
expect_exit 0 otapack verify "$FIXTURES/zigbee/bad-zigbee-element-alone.bin"
expect_err 'warning: .*\[zigbee-element-alone\]$'
head -c 100 "$FIXTURES/zigbee/bad-zigbee-element-alone.bin" >a
expect_exit 1 otapack verify a
expect_err '\[zigbee-size\]$'
echo text | gzip >a
expect_exit 1 otapack inspect a
tr -d '\n' <out | grep -q 'gzip-content.*text.*gunzip' || fail 'gzip of a text is not named'

# An app without a name is an app all the same.
cp "$FIXTURES/flash/good-merged-esp32.bin" nameless.bin
chmod u+w nameless.bin
poke nameless.bin $((0x10000 + AT_PROJECT)) 0 0 0 0 0 0 0 0
expect_exit 1 otapack inspect --brief nameless.bin
expect_out '^  factory +ESP32 app 1\.4\.2'
expect_out '^  signed +no$'

# Whether what is cut off was signed, nobody knows.
head -c 400 "$FIXTURES/secure_boot/good-rsa3072.bin" >cut.bin
expect_exit 1 otapack inspect --brief cut.bin
expect_out '^  signed +not known; it cannot be read as a whole$'

# A name that is no UTF-8, and a version that would colour the terminal.
cp "$FIXTURES/br/demo_br.bin" app.bin
chmod u+w app.bin
esp_text app.bin $AT_VERSION "$(printf 'a\033[31mb\tc\\\302\205')"
name=$(printf 'no\377name')
cp app.bin "$name" || skip 'no such names here'
expect_exit 0 otapack inspect --json "$name"
iconv -f UTF-8 -t UTF-8 out >again || fail 'the JSON is no UTF-8'
look '.files[0].root.parts.desc.fields.version.value' again >/dev/null || fail 'the JSON is broken'
expect_exit 0 otapack inspect app.bin
! grep -q "$(printf '[\033\205]')" out || fail 'an escape character came through'

# SPDX-License-Identifier: Apache-2.0
# What is not firmware is named for what it is: status 1, one failed check (known-format), the kind
# in the JSON and in the text.
. "$SOURCE/tests/cli-lib.sh"

kind() { # kind REGEX FILE
    expect_exit 1 otapack inspect --json "$2"
    jq -r '.files[0].root | .format + ": " + .fields.kind.value' out >kind
    grep -Eiq "^raw: .*($1)" kind || fail "$2 is said to be '$(cat kind)', not $1"
    [ "$(jq -r "$JQ"'.files[0].root | failing | join(" ")' out)" = known-format ] ||
        fail "$2: not known-format alone"
    expect_exit 1 otapack inspect "$2"
    cat out err >both
    grep -Eiq "$1" both || fail "$2: the text does not say $1"
    expect_exit 1 otapack verify "$2"
    expect_err "^otapack: .*$2: .*; .*\\[known-format\\]\$"
}

printf '<!DOCTYPE html>\n<html><body>404</body></html>\n' >a
kind HTML a
printf '\n  <HTML><head>' >a
kind HTML a
echo text | gzip >a
expect_exit 1 otapack inspect a
tr -d '\n' <out | grep -q 'gzip-content.*text.*gunzip' || fail 'gzip of a text is not named'
printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\363\0\1\0\0\0' >a
kind ELF a
{
    printf 'UF2\n'
    u32le $((0x9e5d5157)) 0 0x2000 256 0 1 0
    head -c 480 /dev/zero
} >a
kind UF2 a
: >a
kind empty a
printf x >a
kind 'unknown|byte|too short|no known|no image' a
printf '\351' >a # the beginning of an image: cut off, rather than of no kind
expect_exit 1 otapack inspect a
expect_exit 1 otapack verify a
expect_one_line_err
fill 4096 >a
kind 'erased|empty' a
head -c 4096 /dev/zero >a
kind 'zero|empty|unknown|no known|no image' a
seq 1 1000 >a
kind 'text|unknown|no known|no image' a
printf 'PK\003\004\024\0\0\0' >a
kind 'zip|unknown|no known|no image' a

for name in html elf uf2 empty encrypted; do
    file=$FIXTURES/raw/$name.bin
    [ -f "$file" ] || continue
    cp "$file" a
    kind $name a
done

# Untrusted text reaches a terminal only escaped.
host_firmware app.bin
esp_text app.bin $AT_VERSION "$(printf 'a\033[31mb\tc\\\302\205')"
expect_exit 0 otapack inspect app.bin
! LC_ALL=C grep -q "$(printf '[\033\205]')" out || fail 'an escape character came through'
expect_exit 0 otapack inspect app.bin --get desc.version
! LC_ALL=C grep -q "$(printf '\033')" out || fail 'an escape character came through --get'
expect_exit 0 otapack inspect --json app.bin
jq -e '.files[0].root.parts.desc.fields.version.value' out >/dev/null || fail 'the JSON is broken'
# A version that is not UTF-8 does not break the JSON either.
esp_data app.bin $AT_VERSION 255 254 128
expect_exit 0 otapack inspect --json app.bin
jq -e '.files[0].root.parts.desc.fields.version.value' out >/dev/null || fail 'the JSON is broken'

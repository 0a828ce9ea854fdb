# SPDX-License-Identifier: Apache-2.0
# What inspect reads: standard input, several files with a bad or missing one among them, folders,
# files that cannot be read, names that begin with a dash.
. "$SOURCE/tests/cli-lib.sh"

good=$(combined_fixture)
host_firmware app.bin
cp "$FIXTURES/esp_image/bad-esp-hash.bin" bad.bin

# Standard input, as a file and as a pipe, with and without other files.
expect_exit 0 otapack inspect - <app.bin
cp out from-stdin
[ -s out ] || fail 'nothing was printed'
piped() { cat app.bin | "$OTAPACK" inspect --json -; }
expect_exit 0 piped
look '.files | length == 1 and .[0].root.format == "esp_image"' out >/dev/null || fail 'a pipe'
expect_exit 1 otapack inspect - <bad.bin
nothing_piped() { : | "$OTAPACK" inspect -; }
expect_exit 1 nothing_piped
expect_exit 0 otapack inspect --json "$good" - <app.bin
look '[.files[].root.format] == ["rcp_image","esp_image"]' out >/dev/null || fail 'file and pipe'

# Several files: each is shown, the worst decides.
expect_exit 0 otapack inspect --json "$good" app.bin
look '.files | length == 2' out >/dev/null || fail 'two files'
expect_exit 1 otapack inspect --json "$good" bad.bin app.bin
look '[.files[].verdict] == ["pass","fail","pass"]' out >/dev/null || fail 'the verdicts'
expect_exit 1 otapack inspect "$good" bad.bin app.bin
expect_out 'app\.bin'
cat out err >both
grep -q 'bad\.bin' both || fail 'the bad file is not named'
expect_exit 2 otapack inspect --json app.bin none.bin "$good"
[ "$(err_lines 'none\.bin')" -eq 1 ] || fail 'none.bin is not named once'
look '[.files[].root | select(.) | .format] == ["esp_image","rcp_image"]' out >/dev/null ||
    fail 'the readable files are not shown'

# What cannot be read: one line, status 2.
cannot() {
    expect_exit 2 otapack inspect "$1"
    expect_one_line_err
    expect_exit 2 otapack verify "$1"
    expect_one_line_err
    expect_exit 2 otapack extract "$1" -o extracted
    expect_one_line_err
    no_file extracted
}
cannot none.bin
mkdir folder
cannot folder
cannot app.bin/below
cannot ''
ln -s loop loop
cannot loop
if [ -e /proc/self/mem ]; then cannot /proc/self/mem; fi
cp app.bin closed.bin
chmod 000 closed.bin
if ! (: <closed.bin) 2>/dev/null; then cannot closed.bin; fi
long=$(head -c 5000 /dev/zero | tr '\0' x)
cannot "$long"
expect_exit 2 otapack inspect - <folder
expect_one_line_err

# A pipe that never had a file's size, a device without end is not read for ever.
mkfifo pipe
cat app.bin >pipe &
expect_exit 0 otapack inspect pipe --get chip
out_is esp32s3
wait

# Names.
cp app.bin -- -app.bin
expect_exit 0 otapack inspect -- -app.bin
expect_exit 0 otapack inspect ./-app.bin
name=$(printf 'a b\nc.bin')
cp app.bin "$name"
expect_exit 0 otapack inspect --json "$name"
jq -e '.files[0].file == "a b\nc.bin"' out >/dev/null || fail 'a newline in the name'
expect_exit 2 otapack inspect "$(printf 'none\n\033[31m.bin')"
expect_one_line_err
! grep -q "$(printf '\033')" err || fail 'an escape character came through'

# A full disk where the results go.
if [ -c /dev/full ]; then
    to_full() { "$OTAPACK" "$@" >/dev/full; }
    expect_exit 2 to_full inspect app.bin
    expect_one_line_err
    expect_exit 2 to_full inspect --json app.bin
    expect_exit 2 to_full inspect app.bin --get chip
    expect_exit 2 to_full verify app.bin
    expect_exit 2 to_full help checks
    expect_exit 2 to_full --version
fi
closed_out() { "$OTAPACK" "$@" >&-; }
expect_exit 2 closed_out inspect app.bin

# A reader that goes away is no reason for more than a quiet end.
"$OTAPACK" inspect app.bin | head -c 1 >/dev/null || fail 'the pipe'

# Nothing was changed or left.
host_firmware again.bin
same app.bin again.bin

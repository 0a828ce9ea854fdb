# SPDX-License-Identifier: Apache-2.0
# What only a process shows of the files that inspect reads and writes: standard input and output that
# are pipes, folders, closed or full; what nobody may read. (tests/laws/law_get.c has more names.)
. "$SOURCE/tests/cli-lib.sh"

good=$(combined_fixture)
cp "$FIXTURES/br/demo_br.bin" app.bin
cp "$FIXTURES/esp_image/bad-esp-hash.bin" bad.bin

# Standard input, as a file and as a pipe, with and without other files.
expect_exit 0 otapack inspect - <app.bin
[ -s out ] || fail 'nothing was printed'
piped() { cat app.bin | "$OTAPACK" inspect --json "$@"; }
expect_exit 0 piped "$good" -
look '[.files[].root.format] == ["rcp_image","esp_image"]' out >/dev/null || fail 'file and pipe'
expect_exit 1 otapack inspect - <bad.bin
expect_exit 2 otapack inspect --json app.bin none.bin bad.bin
look '[.files[].verdict] == ["pass","unread","fail"]' out >/dev/null || fail 'the verdicts'

# What cannot be read: one line, status 2.
cannot() {
    for verb in inspect verify; do
        expect_exit 2 otapack $verb "$1"
        expect_one_line_err
    done
    expect_exit 2 otapack extract "$1" -o extracted
    expect_one_line_err
    no_file extracted
}
mkdir folder
cannot folder
if [ -e /proc/self/mem ]; then cannot /proc/self/mem; fi
cp app.bin closed.bin
chmod 000 closed.bin
if ! (: <closed.bin) 2>/dev/null; then cannot closed.bin; fi
expect_exit 2 otapack inspect - <folder
expect_one_line_err

# A pipe that never had a file's size.
mkfifo pipe
cat app.bin >pipe &
expect_exit 0 otapack inspect pipe --get chip
out_is esp32s3
wait

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
same "$FIXTURES/br/demo_br.bin" app.bin
folder_is . app.bin bad.bin closed.bin err folder out pipe

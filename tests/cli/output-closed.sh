# SPDX-License-Identifier: Apache-2.0
# A reader of stdout that goes away early (| head -1) is met with an exit status, not a signal.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
# early ARGUMENT...: when otapack writes, nobody reads any more.
early() {
    last_command="otapack $* | (nobody)"
    rm -f status err
    # The pipe is closed once the reader has ended; the writer waits for that.
    {
        while [ ! -e gone ]; do sleep 0.1; done
        sleep 0.2
        code=0
        "$OTAPACK" "$@" 2>err || code=$?
        echo "$code" >status
    } | { exec <&-; touch gone; }
    rm gone
    code=$(cat status)
    [ "$code" -le 2 ] || fail "status $code"
    ! grep -aq 'Sanitizer\|runtime error:' err || fail 'a sanitizer spoke'
    [ "$(wc -l <err)" -le 2 ] || fail 'more than a line on stderr'
}
early inspect app.bin
early inspect --json app.bin
early inspect app.bin --get chip
early verify app.bin
early help checks
early help
early --version
early build --help
early build --rcp-build-dir "$RCP" --target-file -
early extract app.bin desc -o -

# With a reader that takes one line of much.
set --
for file in "$FIXTURES"/*/good-*.bin "$FIXTURES"/*/good-*.bin "$FIXTURES"/*/good-*.bin; do
    set -- "$@" "$file"
done
for form in --json --color=never; do
    rm -f status
    {
        code=0
        "$OTAPACK" inspect $form "$@" 2>err || code=$?
        echo "$code" >status
    } | head -n 1 >line
    [ -s line ] || fail 'no first line'
    [ "$(cat status)" -le 2 ] || fail "inspect $form | head: status $(cat status)"
done

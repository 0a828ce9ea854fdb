# SPDX-License-Identifier: Apache-2.0
# Standard input, output or error that is closed: no file that is opened takes its place, so that
# nothing is written into it that is not its own.
. "$SOURCE/tests/cli-lib.sh"

app=$FIXTURES/esp_image/good-app-esp32h2.bin
key=$FIXTURES/keys/rsa3072-a.pub.pem

# What goes to standard output would be copied to its own end.
last_command='extract - -o - without standard output'
status=0
(ulimit -f 100 && exec "$OTAPACK" extract - 'segments[0]' -o - <"$app" >&- 2>err) || status=$?
[ "$status" -eq 2 ] || fail "exit status $status"
expect_err '^otapack: standard output: cannot write: Bad file descriptor'
status=0
(cat <"$app" | (ulimit -f 100 && exec "$OTAPACK" extract - 'segments[0]' -o - >&- 2>err)) || status=$?
[ "$status" -eq 2 ] || fail "exit status $status"
expect_err '^otapack: standard output: cannot write: Bad file descriptor'

# Files are what they are with all three open, and results that cannot be printed are an error.
expect_exit 0 otapack extract "$app" 'segments[0]' -o part.bin
expect_exit 0 otapack sign "$app" --digest-only --public-key "$key" -o data.bin
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
    last_command="with $closed"
    status=0
    eval "\"\$OTAPACK\" extract \"\$app\" 'segments[0]' -o this.bin $closed" || status=$?
    [ "$status" -eq 0 ] || fail "exit status $status"
    same part.bin this.bin
    status=0
    eval "\"\$OTAPACK\" sign \"\$app\" --digest-only --public-key \"\$key\" -o this.bin $closed" >out ||
        status=$?
    [[ $closed = *' >&-'* || $closed = '>&-'* ]] && wanted=2 || wanted=0
    [ "$status" -eq "$wanted" ] || fail "exit status $status"
    same data.bin this.bin
    rm this.bin
done

# SPDX-License-Identifier: Apache-2.0
# A reader of stdout that goes away early (| head -1) is met with an exit status, not a signal.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/br/demo_br.bin" app.bin
mkfifo pipe
# early ARGUMENT...: when otapack writes, nobody reads any more: the pipe's only reader, which let its
# writer open it, has ended.
early() {
    last_command="otapack $* | (nobody)"
    : <pipe &
    exec 3>pipe
    wait
    code=0
    "$OTAPACK" "$@" >&3 2>err 3>&- || code=$?
    exec 3>&-
    [ "$code" -le 2 ] || fail "status $code"
    ! grep -aq 'Sanitizer\|runtime error:' err || fail 'a sanitizer spoke'
    err_rest=''
    { read -r _ || :; read -r _ || :; read -r err_rest || :; } <err
    [ -z "$err_rest" ] || fail 'more than a line on stderr'
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
set -- "$FIXTURES"/*/good-*.bin "$FIXTURES"/*/good-*.bin
for form in --json --color=never; do
    drop status
    {
        code=0
        "$OTAPACK" inspect $form "$@" 2>err || code=$?
        echo "$code" >status
    } | head -n 1 >line
    [ -s line ] || fail 'no first line'
    [ "$(<status)" -le 2 ] || fail "inspect $form | head: status $(<status)"
done

# SPDX-License-Identifier: Apache-2.0
# push on a terminal: the password is asked for only where the device wants it, and once; how far it
# is shows on one line, which is gone at the end.
. "$SOURCE/tests/push-lib.sh"

"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || skip 'there are no terminals here'
devices esp8266 esp32-password slow esp32-password-of-md5
cp "$FIXTURES/littlefs/good-v2.0.bin" fs.bin
export TERM=xterm

# types TYPED DEVICE OPTION...: what was shown is in ./out.
types() {
    local typed=$1 device=$2
    shift 2
    expect_exit 0 "$PYTHON" -ISB "$SOURCE/tests/typist.py" "$typed" "$OTAPACK" push fs.bin \
        --host 127.0.0.1 --port "${PORT[$device]}" --timeout 15 --retry 0 "$@"
    refuse_out 'Sanitizer'
    refuse_out 'Pässwort'
}
erase=$'\r *\r'

types '' esp8266
expect_out '^status=0'
expect_out '^asked=False'
took esp8266 fs.bin 100

types 'ein P\xe4sswort:1\n' esp32-password
expect_out '^status=0'
expect_out '^asked=True echo_during=False'
expect_out 'the password of 127.0.0.1: '
took esp32-password fs.bin 100
types 'ein P\xe4sswort:1\n' esp32-password-of-md5
expect_out '^status=0'
[ "$(grep -c 'the password of' out)" = 1 ] || fail 'it was asked for twice'
types 'falsch\n' esp32-password
expect_out '^status=1'
expect_out '127.0.0.1: refuses the password; try another'

# The bar, its end, and what is said behind it. Nothing of it where the terminal is dumb, or quietly.
types '' slow
expect_out "${erase}fs.bin  \\[#+ *\\] +[0-9]+%  [0-9]+ KiB"
expect_out "${erase}fs.bin: 127.0.0.1 took all 8,192 bytes"
TERM=dumb types '' esp8266
refuse_out '\[#'
types '' esp8266 --quiet
refuse_out '\[#'
refuse_out 'took'

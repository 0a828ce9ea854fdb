# SPDX-License-Identifier: Apache-2.0
# A passphrase that is typed: asked for on the terminal, and not shown; wrong, empty, Ctrl-C; the
# terminal shows again what is typed afterwards, whatever happened. Never asked for when a file or
# the environment has it.
. "$SOURCE/tests/sign-lib.sh"

"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || skip 'there are no terminals here'
unsigned good-ecdsa-p256.bin app.bin
take_key ecdsa-p256-a.encrypted ecdsa-p256-a
pass=$(<"$KEYS/passphrase.txt")

# types TYPED ARGUMENT...: what happened is in ./out.
types() {
    typed=$1
    shift
    drop signed.bin
    expect_exit 0 "$PYTHON" -ISB "$SOURCE/tests/typist.py" "$typed" "$OTAPACK" "$@"
    refuse_out 'Sanitizer'
    refuse_out "$pass"
}
encrypted='sign app.bin --key ecdsa-p256-a.encrypted.pem -o signed.bin'

# shellcheck disable=SC2086 # a command line is words
{
    types "$pass\\n" $encrypted
    expect_out '^status=0'
    expect_out '^asked=True echo_during=False echo_after=True'
    expect_out 'ecdsa-p256-a\.encrypted\.pem: *.?$'
    same "$SIGNED/good-ecdsa-p256.bin" signed.bin

    # Return sends a carriage return; the terminal makes a newline of it.
    types "$pass\\r" $encrypted
    expect_out '^status=0'
    same "$SIGNED/good-ecdsa-p256.bin" signed.bin

    types 'battery staple\n' $encrypted
    expect_out '^status=2'
    expect_out '^asked=True echo_during=False echo_after=True'
    refuse_out 'battery staple'
    expect_out '^otapack: .*ecdsa-p256-a\.encrypted\.pem: cannot be decrypted.*; .'
    no_file signed.bin

    for nothing in '\x03' 'half a pass\x03' '\n' '\x04'; do
        types "$nothing" $encrypted
        expect_out '^status=(2|130)'
        expect_out '^asked=True echo_during=False echo_after=True'
        refuse_out 'half'
        no_file signed.bin
    done

    # The rubout key works as on any terminal.
    types "wrong\\x15$pass\\n" $encrypted
    expect_out '^status=0'
    types "${pass}x\\x7f\\n" $encrypted
    expect_out '^status=0'
    same "$SIGNED/good-ecdsa-p256.bin" signed.bin

    # Nobody is asked who need not be.
    types '' $encrypted --passphrase-file "$KEYS/passphrase.txt"
    expect_out '^status=0'
    expect_out '^asked=False'
    OTAPACK_PASSPHRASE=$pass types '' $encrypted
    expect_out '^asked=False'
    types '' sign app.bin --key ecdsa-p256-a.pem -o signed.bin
    expect_out '^status=0'
    expect_out '^asked=False'
    echo wrong >wrong
    types '' $encrypted --passphrase-file wrong
    expect_out '^status=2'
    expect_out '^asked=False'
}

# Other verbs ask as well.
types "$pass\\n" key digest ecdsa-p256-a.encrypted.pem
expect_out '^status=0'
expect_out "$(key_digest ecdsa-p256-a)"

# With standard input and output elsewhere it is the terminal all the same.
# shellcheck disable=SC2016 # the inner shell expands it
expect_exit 0 "$PYTHON" -ISB "$SOURCE/tests/typist.py" "$pass\\n" sh -c \
    '"$OTAPACK" key digest ecdsa-p256-a.encrypted.pem </dev/null >digest'
expect_out '^asked=True'
[ "$(<digest)" = "$(key_digest ecdsa-p256-a)" ] || fail 'the digest is another'

# Without a terminal: what to do instead, not a question to nobody.
if command -v setsid >/dev/null 2>&1; then
    expect_exit 2 setsid -w "$OTAPACK" sign app.bin --key ecdsa-p256-a.encrypted.pem -o new.bin
    expect_one_line_err
    expect_err '--passphrase-file.*OTAPACK_PASSPHRASE'
    no_file new.bin
fi

# SPDX-License-Identifier: Apache-2.0
# The program itself, killed at a system call or failing there: what tests/laws/law_whole.c does with
# each call of each verb, in its own process, here with a few, by strace.
. "$SOURCE/tests/cli-lib.sh"

command -v strace >/dev/null || skip 'there is no strace'
strace -o /dev/null true 2>err || skip "strace may not trace: $(tail -1 err)"

# A sanitizer cannot look for leaks in a program that is traced.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# at CALL WHAT COMMAND...: the first time that it makes this call.
at() {
    call=$1 what=$2
    last_command="$4 $5 with $what at $call"
    shift 2
    status=0
    { strace -f -o /dev/null -e trace="$call" -e inject="$call:$what:when=1" "$@" >out 2>err ||
        status=$?; } 2>/dev/null # the shell says "Killed"
}

cp "$FIXTURES/esp_image/good-app-esp32h2.bin" app.bin
mkdir target
for call in write fsync linkat close; do
    # A new key: absent or whole, and the next try is not in the way of anything.
    at "$call" signal=KILL "$OTAPACK" key generate -q --type ecdsa-p256 target/key.pem
    [ ! -e target/key.pem ] || expect_exit 0 otapack key public target/key.pem
    [ -e target/key.pem ] || folder_is target
    rm -f target/key.pem
    expect_exit 0 otapack key generate -q --type ecdsa-p256 target/key.pem
    rm target/key.pem
done
for call in write fsync linkat rename; do
    # Over an older file: that, or the new one.
    echo old >target/part.bin
    at "$call" signal=KILL "$OTAPACK" extract app.bin 'segments[0]' -o target/part.bin
    [ "$status" -ne 0 ] || fail "it was not killed at $call"
    [ "$(cat target/part.bin)" = old ] || fail "killed at $call: the older file is gone"
    at "$call" error=ENOSPC "$OTAPACK" extract app.bin 'segments[0]' -o target/part.bin
    [ "$status" -eq 2 ] || fail "exit status $status where $call fails"
    expect_one_line_err
    expect_err '^otapack: target/part\.bin: cannot write: No space left on device'
    rm -f target/.otapack-*
    [ "$(cat target/part.bin)" = old ] || fail "$call failed: the older file is gone"
    folder_is target part.bin
done

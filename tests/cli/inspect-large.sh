# SPDX-License-Identifier: Apache-2.0
# A sparse file just below 4 GiB: its image is read, what follows it is said, and memory does not
# grow with the file. Beyond 4 GiB there are no images: a clear line, not numbers cut to 32 bits.
# To look through 4 GiB takes seconds, and is done with OTAPACK_LONG=1. Else what follows an app is
# more than there is memory for, and no more; and behind a combined image a byte that is no filling
# ends the search.
. "$SOURCE/tests/cli-lib.sh"

JUST_BELOW=4294963200
filling='' behind_app=268435456
if [ "${OTAPACK_LONG-}" != 1 ]; then filling=x; else behind_app=$JUST_BELOW; fi

# large FILE FILLING SIZE: large.bin is the file, and behind it the filling and zeros up to this size.
large() {
    cat "$1" >large.bin
    printf '%s' "$2" >>large.bin
    truncate -s "$3" large.bin 2>/dev/null || skip 'no sparse file of 4 GiB here'
}
limited() (
    # Mapped files do not count for this limit, and a sanitizer's shadow would.
    # shellcheck disable=SC3045 # not in POSIX: done where it can be
    if ! sanitized; then ulimit -d 200000 2>/dev/null || :; fi
    exec timeout 300 "$OTAPACK" "$@"
)
APP=$FIXTURES/br/demo_br.bin
large "$APP" '' $behind_app
expect_exit 0 limited inspect --json large.bin
look ".files[0] | .size == $behind_app and .verdict == \"warn\" and
    (.root | failing) == [\"esp-trailing\"] and .root.parts.desc.fields != null" out >/dev/null ||
    fail "an app and $behind_app bytes with it"
large "$(combined_fixture)" "$filling" $JUST_BELOW
expect_exit 1 limited inspect --json large.bin
look ".files[0] | .size == $JUST_BELOW and (.root | failing | index(\"rcp-trailing\") != null)" out \
    >/dev/null || fail 'rcp-trailing'

# An app, as 32-bit arithmetic would see it.
large "$APP" '' $((4294967296 + $(size_of "$APP")))
status=0
limited inspect large.bin >out 2>err || status=$?
case $status in
    0) cat out err >both && grep -q 'esp-trailing' both || fail 'what follows the image is not said' ;;
    2) expect_one_line_err ;;
    *) fail "status $status" ;;
esac

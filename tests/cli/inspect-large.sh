# SPDX-License-Identifier: Apache-2.0
# A sparse file just below 4 GiB: its image is read, what follows it is said, and memory does not
# grow with the file. Beyond 4 GiB there are no images: a clear line, not numbers cut to 32 bits.
# To look through 4 GiB takes seconds, so it is done once, or of each kind with OTAPACK_LONG=1; a byte
# that is no filling ends the search in the others.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/br/demo_br.bin" app.bin
chmod u+w app.bin
cp app.bin large.bin
truncate -s 4294963200 large.bin 2>/dev/null || skip 'no sparse file of 4 GiB here'
limited() (
    # Mapped files do not count for this limit, and a sanitizer's shadow would.
    # shellcheck disable=SC3045 # not in POSIX: done where it can be
    if ! sanitized; then ulimit -d 200000 2>/dev/null || :; fi
    exec timeout 300 "$OTAPACK" "$@"
)
expect_exit 0 limited inspect --json large.bin
look '.files[0] | .size == 4294963200 and .verdict == "warn" and
    (.root | failing) == ["esp-trailing"] and .root.parts.desc.fields != null' out >/dev/null ||
    fail 'an app and 4 GiB behind it'
cp "$(combined_fixture)" large.bin
if [ "${OTAPACK_LONG-}" != 1 ]; then printf x >>large.bin; fi
truncate -s 4294963200 large.bin
expect_exit 1 limited inspect --json large.bin
look '.files[0].root | failing | index("rcp-trailing") != null' out >/dev/null || fail 'rcp-trailing'

# An app, as 32-bit arithmetic would see it.
cp app.bin larger.bin
truncate -s $((4294967296 + $(size_of app.bin))) larger.bin
status=0
limited inspect larger.bin >out 2>err || status=$?
case $status in
    0) cat out err >both && grep -q 'esp-trailing' both || fail 'what follows the image is not said' ;;
    2) expect_one_line_err ;;
    *) fail "status $status" ;;
esac

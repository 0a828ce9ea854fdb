# SPDX-License-Identifier: Apache-2.0
# Standard input that is a file is read from where it stands; a pipe is read to its end, however
# late its bytes come.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
size=$(size_of app.bin)

# after LENGTH FILE ARGUMENT...: that many bytes of FILE are read before otapack begins.
after() {
    after_length=$1 after_file=$2
    shift 2
    {
        [ "$after_length" -eq 0 ] || dd bs="$after_length" count=1 status=none of=taken
        "$OTAPACK" "$@"
    } <"$after_file"
}
for length in 1 84 4096 70000; do
    { head -c "$length" /dev/zero; cat app.bin; } >behind.bin
    expect_exit 0 after "$length" behind.bin verify -
    expect_exit 0 after "$length" behind.bin inspect --json -
    look ".files[0] | .size == $size and .root.size == $size and .root.offset == 0 and
        .root.format == \"esp_image\"" out >/dev/null || fail "behind $length bytes"
    expect_exit 0 after "$length" behind.bin extract - desc -o desc.bin
    cut_bytes app.bin 32 256 >expected
    same expected desc.bin
    rm desc.bin
done
expect_exit 0 after 0 app.bin verify -
# At the end there is nothing; amid an image there is no image.
expect_exit 1 after "$size" app.bin verify -
expect_err '\[known-format\]$'
expect_exit 1 after 16 app.bin verify -
# By its name the file is read from its start.
expect_exit 0 after 100 app.bin verify app.bin

# A pipe whose writer comes a second later, or stops for a second.
mkfifo pipe
late() { # late COMMAND...: with app.bin in the pipe, a second later
    { sleep 1; cat app.bin; } >pipe &
    "$@" pipe
}
opens_late() {
    (sleep 1; cat app.bin >pipe) &
    "$@" pipe
}
halting() {
    (head -c 100 app.bin; sleep 1; tail -c +101 app.bin) >pipe &
    "$@" pipe
}
for way in late opens_late halting; do
    expect_exit 0 $way timeout 20 "$OTAPACK" verify
    wait
    expect_exit 0 $way timeout 20 "$OTAPACK" inspect --get image_length
    out_is "$size"
    wait
done
late_stdin() { { sleep 1; cat app.bin; } | timeout 20 "$OTAPACK" verify -; }
expect_exit 0 late_stdin

# As an input of build.
printf 'otapack: 1\noutput: x.bin\napp: pipe\n' >recipe.yaml
(sleep 1; cat app.bin >pipe) &
status=0
timeout 20 "$OTAPACK" build recipe.yaml >out 2>err || status=$?
last_command='otapack build, from a pipe'
case $status in 0 | 2) ;; *) fail "status $status" ;; esac
[ "$status" -ne 0 ] || same app.bin x.bin
if [ "$status" -ne 0 ]; then cat pipe >/dev/null; fi
wait

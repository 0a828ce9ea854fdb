# SPDX-License-Identifier: Apache-2.0
# Standard input that is a file is read from where it stands; a pipe is read to its end, however
# late its bytes come, and in whatever pieces. (tests/laws/law_stdin.c has more places and pieces.)
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/br/demo_br.bin" app.bin
size=$(size_of app.bin)

{ head -c 84 /dev/zero; cat app.bin; } >behind.bin
behind() {
    {
        dd bs=84 count=1 status=none of=taken
        "$OTAPACK" "$@"
    } <behind.bin
}
expect_exit 0 behind verify -
expect_exit 0 behind inspect -g image_length -
out_is "$size"
: >empty
expect_exit 1 otapack verify - <empty
expect_err '\[known-format\]$'

# In pieces that fit nothing: the tree and the status of the file.
for name in rcp_image/good-with-signed-host matter/bad-matter-digest; do
    status=0
    otapack inspect --json - <"$FIXTURES/$name.bin" >file.json || status=$?
    pieces() { dd if="$FIXTURES/$name.bin" bs=77 status=none | "$OTAPACK" inspect --json -; }
    expect_exit "$status" pieces
    same file.json out
done

# A pipe whose writer comes later, or stops for a while. However short that is, the reader is there
# before it or waits in open or read.
mkfifo pipe
late() { # late COMMAND...: with app.bin in the pipe
    { sleep 0.1; cat app.bin; } >pipe &
    "$@" pipe
}
opens_late() {
    (sleep 0.1; cat app.bin >pipe) &
    "$@" pipe
}
halting() {
    (head -c 100 app.bin; sleep 0.1; tail -c +101 app.bin) >pipe &
    "$@" pipe
}
for way in late opens_late halting; do
    expect_exit 0 $way timeout 20 "$OTAPACK" inspect --get image_length
    out_is "$size"
    wait
done
expect_exit 0 halting timeout 20 "$OTAPACK" verify
wait
late_stdin() { { sleep 0.1; cat app.bin; } | timeout 20 "$OTAPACK" verify -; }
expect_exit 0 late_stdin

# As an input of build.
printf 'otapack: 1\noutput: x.bin\napp: pipe\n' >recipe.yaml
(sleep 0.1; cat app.bin >pipe) &
status=0
timeout 20 "$OTAPACK" build recipe.yaml >out 2>err || status=$?
last_command='otapack build, from a pipe'
case $status in 0 | 2) ;; *) fail "status $status" ;; esac
[ "$status" -ne 0 ] || same app.bin x.bin
if [ "$status" -ne 0 ]; then cat pipe >/dev/null; fi
wait

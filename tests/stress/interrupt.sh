# SPDX-License-Identifier: Apache-2.0
# build and extract ended by a signal anywhere, or by two builds of one target at a time: no
# temporary file is left, and the target is either as it was or whole.
. "$SOURCE/tests/cli-lib.sh"

# A sparse file of 96 MiB, of which an app is the beginning: a build of it takes long enough.
host_firmware app.bin
cp app.bin large.bin
truncate -s 100663296 large.bin 2>/dev/null || skip 'no sparse files here'
printf 'otapack: 1\nimage: large.bin\n' >large.yaml
mkdir target
whole=$(sha256sum <large.bin)
trailing=$(tail -c +$(($(size_of app.bin) + 1)) large.bin | sha256sum)

# as_it_should NAME: nothing but this is in the folder, if anything, and it is old or whole.
as_it_should() {
    for file in target/* target/.[!.]*; do
        [ -e "$file" ] || continue
        [ "$file" = "target/$1" ] || fail "after $last_command there is also $file"
        [ "$(head -c 16 "$file")" = 'an earlier image' ] ||
            [ "$(sha256sum <"$file")" = "${2-$whole}" ] ||
            fail "after $last_command $file is neither old nor whole"
    done
}

# interrupt SIGNAL SECONDS COMMAND...: ends it so long after its start. Counts those that it ended.
ended=0
interrupt() {
    signal=$1 delay=$2
    last_command="$3 $4 with $signal after $delay s"
    shift 2
    "$OTAPACK" "$@" >out 2>err &
    pid=$!
    sleep "$delay"
    kill -"$signal" "$pid" 2>/dev/null || :
    status=0
    { wait "$pid" || status=$?; } 2>/dev/null # the shell says "Terminated"
    case $status in
        0) ;;
        129 | 143) ended=$((ended + 1)) ;;
        *) fail "status $status" ;;
    esac
}

for signal in TERM HUP; do
    for delay in 0 0.001 0.002 0.003 0.005 0.01 0.02 0.03 0.05 0.07 0.1 0.15 0.2 0.3; do
        echo 'an earlier image' >target/ota.bin
        interrupt "$signal" "$delay" build large.yaml -q -o target/ota.bin
        as_it_should ota.bin
        rm target/ota.bin
        interrupt "$signal" "$delay" build large.yaml -q -o target/ota.bin
        as_it_should ota.bin
        rm -f target/ota.bin
        interrupt "$signal" "$delay" extract large.bin trailing -o target/trailing.bin
        as_it_should trailing.bin "$trailing"
        rm -f target/trailing.bin
    done
done
[ "$ended" -ge 10 ] || fail "only $ended runs were ended by a signal"

# Two builds of one target at a time: one of them is there.
for _ in 1 2 3; do
    "$OTAPACK" build large.yaml -q -o target/ota.bin 2>err &
    one=$!
    "$OTAPACK" build large.yaml -q -o target/ota.bin 2>err2 &
    other=$!
    last_command='two builds at a time'
    wait "$one" || fail 'the first failed'
    wait "$other" || fail 'the second failed'
    as_it_should ota.bin
    [ "$(sha256sum <target/ota.bin)" = "$whole" ] || fail 'the target is not whole'
done

# Who does not read on is no reason to complain, nor to hang.
status=0
{ "$OTAPACK" inspect --json app.bin || echo $? >status; } 2>err | head -c 10 >out
[ ! -s err ] || expect_one_line_err
case $(cat status 2>/dev/null || echo 0) in
    0 | 2 | 141) ;;
    *) fail 'a reader that went away' ;;
esac

# SPDX-License-Identifier: Apache-2.0
# build and extract ended by a signal anywhere, or by two builds of one target at a time: no
# temporary file is left, and the target is either as it was or whole.
. "$SOURCE/tests/cli-lib.sh"

# milliseconds: the time, as far as this date can tell.
milliseconds() {
    now=$(date +%s%N)
    case $now in
        *[!0-9]*) now=$(date +%s)000000000 ;;
    esac
    echo "${now%??????}"
}

# A sparse file, of which an app is the beginning: large enough that there is time to interrupt a
# build of it, on a fast machine too.
host_firmware app.bin
cp app.bin large.bin
printf 'otapack: 1\nimage: large.bin\n' >large.yaml
mkdir target
echo 'an earlier image' >old
for mib in 16 32 64 128 256; do
    truncate -s "${mib}M" large.bin 2>/dev/null || skip 'no sparse files here'
    began=$(milliseconds)
    expect_exit 0 otapack build large.yaml -q -o target/ota.bin
    took=$(($(milliseconds) - began))
    [ "$took" -lt 50 ] || break
done
same large.bin target/ota.bin
rm target/ota.bin
tail -c +$(($(size_of app.bin) + 1)) large.bin >trailing.bin

# as_it_should NAME WHOLE: nothing but this is in the folder, if anything, and it is old or whole.
as_it_should() {
    for file in target/* target/.[!.]*; do
        [ -e "$file" ] || continue
        [ "$file" = "target/$1" ] || fail "after $last_command there is also $file"
        cmp -s "$file" "$2" || cmp -s "$file" old ||
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

# From the start on in tenths of the time that a build takes.
for signal in TERM HUP; do
    for tenth in 0 1 2 3 4 5 6 7 8 9; do
        delay=$((took * tenth / 10))
        delay=$((delay / 1000)).$(printf %03d $((delay % 1000)))
        cp old target/ota.bin
        interrupt "$signal" "$delay" build large.yaml -q -o target/ota.bin
        as_it_should ota.bin large.bin
        rm target/ota.bin
        interrupt "$signal" "$delay" build large.yaml -q -o target/ota.bin
        as_it_should ota.bin large.bin
        rm -f target/ota.bin
        interrupt "$signal" "$delay" extract large.bin trailing -o target/trailing.bin
        as_it_should trailing.bin trailing.bin
        rm -f target/trailing.bin
    done
done
echo "$ended of 60 runs were ended, each of up to $took ms"
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
    folder_is target ota.bin
    same large.bin target/ota.bin
done

# Who does not read on is no reason to complain, nor to hang.
status=0
{ "$OTAPACK" inspect --json app.bin || echo $? >status; } 2>err | head -c 10 >out
[ ! -s err ] || expect_one_line_err
case $(cat status 2>/dev/null || echo 0) in
    0 | 2 | 141) ;;
    *) fail 'a reader that went away' ;;
esac

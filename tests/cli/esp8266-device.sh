# SPDX-License-Identifier: Apache-2.0
# What is known of a device: each limit from both sides, to the byte or the sector, for inspect and
# verify alike; what cannot be a device is told in one line.
. "$SOURCE/tests/cli-lib.sh"
many_runs

GOOD=$FIXTURES/esp8266
fits() { # fits FILE OPTIONS...
    fits_file=$1
    shift
    expect_exit 0 otapack verify "$GOOD/$fits_file.bin" "$@"
    expect_exit 0 otapack inspect --json "$GOOD/$fits_file.bin" "$@"
    look '.files[0].root | failing == []' out >/dev/null || fail "$fits_file $*: warnings"
}
fails() { # fails ID FILE OPTIONS...
    fails_id=$1 fails_file=$2
    shift 2
    expect_exit 1 otapack inspect --json "$GOOD/$fails_file.bin" "$@"
    [ "$(jq -r "$JQ"'.files[0].root | failing | join(" ")' out)" = "$fails_id" ] ||
        fail "not $fails_id alone: $(jq -c "$JQ.files[0].root | failing" out)"
    expect_exit 1 otapack verify "$GOOD/$fails_file.bin" "$@"
    expect_err "^otapack: .*$fails_file\\.bin: .+; .+ \\[$fails_id\\]\$"
    expect_exit 0 otapack verify "$GOOD/$fails_file.bin" "$@" -a "$fails_id"
}
made() { # made ID FILE OPTIONS...: is that check made, and passed?
    made_id=$1 made_file=$2
    shift 2
    fits "$made_file" "$@"
    look "[.files[0].root | nodes | .checks[] | select(.id == \"$made_id\")] | length > 0" out \
        >/dev/null || fail "$made_id was not made"
}

# Without a device, nothing is said of one.
expect_exit 0 otapack inspect --json "$GOOD/good-gzip-signed.bin"
look '[.files[0].root | nodes | .checks[].id] | any(. == "esp8266-flash-size" or
    . == "esp8266-flash-mode" or . == "esp8266-free-space" or . == "esp8266-copy") | not' out \
    >/dev/null || fail 'a check about a device that nobody knows'

# Of a file that is for no ESP8266, nothing would be checked.
for options in '--free-space 4096' '--flash-mode dio' '--layout 4m2m' '--flash-size 4MB'; do
    # shellcheck disable=SC2086
    expect_exit 2 otapack verify "$FIXTURES/esp_image/good-app-esp32.bin" $options
    no_out
    expect_one_line_err
    expect_err 'ESP8266; leave it out'
done

# ---- What runs from flash -----------------------------------------------------------------------

# A sketch of more than the MiB that is mapped.
more=1100000
head -c 4120 "$FIXTURES/esp8266/good-arduino.bin" >far.bin
head -c $more /dev/zero >>far.bin
tail -c +4121 "$FIXTURES/esp8266/good-arduino.bin" >>far.bin
poke32 far.bin $((4096 + 12)) $(($(u32 far.bin $((4096 + 12))) + more))
expect_exit 1 otapack verify far.bin
expect_err 'sketch: segment 0 .*\[esp8266-place\]$'

# ---- Flash size ---------------------------------------------------------------------------------

for file in arduino gzip gzip-signed signed v1 v2; do
    for size in 4MB 4M 4mb 4194304 8MB 16MB; do
        made esp8266-flash-size good-$file --flash-size $size
    done
    for size in 2MB 1M 512KB 256KB 4194303; do
        fails esp8266-flash-size good-$file --flash-size $size
    done
done
made esp8266-flash-size good-arduino-512kb --flash-size 512KB
fails esp8266-flash-size good-arduino-512kb --flash-size 256KB
made esp8266-flash-size good-arduino-16mb --flash-size 16MB
fails esp8266-flash-size good-arduino-16mb --flash-size 8MB

# A layout has one too; what is said by itself is stronger.
made esp8266-flash-size good-arduino --layout 4m2m
fails esp8266-flash-size good-arduino --layout 1m64
made esp8266-flash-size good-arduino --layout 1m64 --flash-size 4MB
expect_exit 2 otapack verify "$FIXTURES/esp8266/good-arduino.bin" --layout 4m2m --flash-size 1MB
expect_err 'behind the end of the flash'
made esp8266-flash-size good-arduino-dout-1mb --layout 1m64
made esp8266-flash-size good-arduino --layout eagle.flash.4m2m.ld

# ---- Flash mode: only what is compressed stays as it is -----------------------------------------

made esp8266-flash-mode good-gzip --flash-mode dio
made esp8266-flash-mode good-gzip --flash-mode DIO
made esp8266-flash-mode good-gzip-qio --flash-mode qio
made esp8266-flash-mode good-gzip-signed --flash-mode dio
for mode in qio qout dout; do
    fails esp8266-flash-mode good-gzip --flash-mode $mode
    fails esp8266-flash-mode good-gzip-signed --flash-mode $mode
    fits good-arduino --flash-mode $mode # the core sets it
    fits good-signed --flash-mode $mode
done
fails esp8266-flash-mode good-gzip-qio --flash-mode dio

# ---- Free space: whole sectors ------------------------------------------------------------------

# 4368 bytes are two sectors, 572 and 832 bytes one; a signature counts.
for file in arduino signed; do
    made esp8266-free-space good-$file --free-space 8192
    fails esp8266-free-space good-$file --free-space 8191
done
for file in gzip gzip-signed v1 v2; do
    made esp8266-free-space good-$file --free-space 4096
    fails esp8266-free-space good-$file --free-space 4095
done
# A device can be full, and says nearly 4 GiB where its sketch reaches into the file system.
fails esp8266-free-space good-gzip --free-space 0
fails esp8266-free-space good-gzip --free-space 4294963200
# The layout less what runs, in whole sectors: 0x4000 - 0x2000.
made esp8266-free-space good-arduino --layout 4MB:0x4000 --sketch-size 8192
made esp8266-free-space good-arduino --layout 4MB:0x4000 --sketch-size 4097
fails esp8266-free-space good-arduino --layout 4MB:0x4000 --sketch-size 8193
fails esp8266-free-space good-arduino --layout 4MB:0x3000 --sketch-size 4097
made esp8266-free-space good-arduino --layout 4MB:0x3000 --sketch-size 4096
fails esp8266-free-space good-arduino --layout 4MB:0x3000 --sketch-size 16777216
made esp8266-free-space good-gzip --layout 4MB:0x3000 --sketch-size 8192
fails esp8266-free-space good-gzip --layout 4MB:0x3000 --sketch-size 8193
# What the device says is stronger.
made esp8266-free-space good-arduino --layout 4MB:0x3000 --sketch-size 8193 --free-space 8192

# ---- eboot's copy -------------------------------------------------------------------------------

# Eight sectors unpacked from two: the file system must begin behind the eighth.
made esp8266-copy bad-esp8266-copy --layout 4MB:0x8000
made esp8266-copy bad-esp8266-copy --layout 4m1m
fails esp8266-copy bad-esp8266-copy --layout 4MB:0x7000
fails esp8266-copy bad-esp8266-copy --layout 4MB:0x2000
# Less than what is sent: nobody could receive it.
expect_exit 1 otapack verify "$GOOD/bad-esp8266-copy.bin" --layout 4MB:0x1000
expect_err '\[esp8266-copy\]$'
expect_err '\[esp8266-free-space\]$'

# Twelve sectors from five, at an end that unpacks to less than it has: 0xc000 would hold it, but ten
# sectors are written before the second piece is read.
made esp8266-copy good-gzip-slow-end --layout 4MB:0xe000
fails esp8266-copy good-gzip-slow-end --layout 4MB:0xd000
grep -q '0xe000' err || fail 'what it needs is not said'
fails esp8266-copy good-gzip-slow-end --layout 4MB:0xc000
fails esp8266-copy good-gzip-slow-end --layout 4MB:0xb000
# As it is mapped.
made esp8266-copy good-gzip-slow-end --layout 4MB:0x4020e000
fails esp8266-copy good-gzip-slow-end --layout 4MB:0x4020d000

# A small one in each layout; behind a signature, too.
for layout in 4m 4m1m 4m2m 4m3m 8m6m 8m7m 16m14m 16m15m; do
    made esp8266-copy good-gzip --layout $layout
    made esp8266-copy good-gzip-signed --layout $layout
done
made esp8266-copy good-gzip-signed --layout 4MB:0x2000
fails esp8266-copy good-gzip-signed --layout 4MB:0x1000
# An image that is not compressed is copied as it is, which cannot go wrong in that way.
expect_exit 0 otapack inspect --json "$GOOD/good-arduino.bin" --layout 4m2m
look '[.files[0].root | nodes | .checks[].id] | any(. == "esp8266-copy") | not' out >/dev/null ||
    fail 'esp8266-copy of what is not compressed'

# A signature counts as part of what is sent, which so begins a sector before: 18785 bytes and what
# makes them 20481.
need openssl
cp "$FIXTURES/keys/rsa2048.pem" .
chmod 600 rsa2048.pem
{
    head -c 3 "$GOOD/good-gzip-slow-end.bin"
    printf '\010' # with a name
    cut_bytes "$GOOD/good-gzip-slow-end.bin" 4 6
    head -c 1438 /dev/zero | tr '\0' n
    printf '\0'
    tail -c +11 "$GOOD/good-gzip-slow-end.bin"
} >named.gz # 20224 bytes
expect_exit 0 otapack verify named.gz --layout 4MB:0xe000
expect_exit 0 otapack sign named.gz --key rsa2048.pem -o named.signed
[ "$(size_of named.signed)" -eq 20484 ] || fail 'another size'
expect_exit 1 otapack verify named.signed --layout 4MB:0xe000
expect_err '0xf000.*\[esp8266-copy\]$'
expect_exit 0 otapack verify named.signed --layout 4MB:0xf000

# Several at once, and on standard input.
expect_exit 0 otapack verify - --flash-size 4MB --flash-mode dio --free-space 65536 --layout 4m2m \
    --sketch-size 300000 <"$GOOD/good-gzip-signed.bin"
expect_exit 1 otapack verify "$GOOD/good-gzip.bin" "$GOOD/good-gzip-qio.bin" --flash-mode dio
[ "$(err_lines '\[esp8266-flash-mode\]$')" -eq 1 ] || fail 'one of two files has another mode'
# What is for another chip is shown as ever.
expect_exit 0 otapack inspect "$FIXTURES/esp_image/good-app-esp32.bin" --flash-size 512KB \
    --free-space 100

# ---- What is no device --------------------------------------------------------------------------

no_device() {
    for verb in inspect verify; do
        expect_exit 2 otapack $verb "$GOOD/good-gzip.bin" "$@"
        no_out
        expect_one_line_err
        expect_err "^otapack: .*$1.*; ."
    done
}
for value in 3MBs '' 0 -1 32MB 16777217 MB 4.5MB 99999999999999999999; do
    no_device --flash-size "$value"
done
for value in '' dual 2 quad; do no_device --flash-mode "$value"; done
for value in '' x -1 1e6; do
    no_device --free-space "$value"
    no_device --sketch-size "$value"
done
for value in 0 17000000; do no_device --sketch-size "$value"; done
for value in '' 4m 4m9m 4MB 4MB: :0x200000 4MB:0 4MB:0x200001 4MB:0x400001 4MB:0x401000 32MB:0x1000 \
    4m2m2 4MB:x; do
    [ "$value" = 4m ] || no_device --layout "$value"
done

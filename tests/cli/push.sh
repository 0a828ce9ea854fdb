# SPDX-License-Identifier: Apache-2.0
# push, before anything is sent: what a device would refuse, what none takes, the wrong port; what
# people write who come from espota.py. Then nobody is invited.
. "$SOURCE/tests/push-lib.sh"

devices esp8266 esp8266-password silent stops
for file in esp8266/good-arduino.bin esp8266/good-gzip.bin esp8266/bad-esp8266-checksum.bin \
    esp8266/good-signed-littlefs.bin esp8266/good-v2.bin esp_image/good-app-esp32.bin \
    esp_image/good-bootloader-esp32.bin flash/good-merged-esp32.bin littlefs/good-v2.0.bin \
    matter/good-app.bin matter/good-rcp.bin esp_encrypted_img/good-rsa.bin; do
    cp "$FIXTURES/$file" .
done
cp good-arduino.bin sketch.bin

# refuses STATUS REGEX ARGUMENT...
refuses() {
    local wanted_status=$1 pattern=$2
    shift 2
    expect_exit "$wanted_status" otapack push "$@"
    expect_one_line_err
    expect_err "^otapack: $pattern"
    no_out
}
to=(--host 127.0.0.1 --port "${PORT[esp8266]}")

# ---- The file -----------------------------------------------------------------------------------

refuses 1 'bad-esp8266-checksum.bin: .*\[esp8266-checksum\]$' bad-esp8266-checksum.bin "${to[@]}"
refuses 1 'good-app.bin: Matter .*, which no Arduino core takes; .*extract good-app.bin payload -o' \
    good-app.bin "${to[@]}"
refuses 1 'good-rcp.bin: Matter .* extract good-rcp.bin payload.host -o' good-rcp.bin "${to[@]}"
refuses 1 'good-merged-esp32.bin: .* extract good-merged-esp32.bin factory -o' good-merged-esp32.bin "${to[@]}"
refuses 1 'good-rsa.bin: .* extract good-rsa.bin content --decrypt-key KEY -o' good-rsa.bin "${to[@]}"
refuses 1 'good-bootloader-esp32.bin: .*takes; push an app' good-bootloader-esp32.bin "${to[@]}"
refuses 1 'good-v2.bin: .*takes; push an app' good-v2.bin "${to[@]}"
refuses 1 'sketch.bin: .*\[esp8266-free-space\]' sketch.bin "${to[@]}" --free-space 1000
refuses 2 'good-v2.0.bin: .* --port 8266 for an ESP8266, or --port 3232 or --chip for an ESP32$' good-v2.0.bin --host 127.0.0.1
refuses 2 'sketch.bin: is for an ESP8266, and --port 3232 is that of an ESP32; .*--free-space' \
    sketch.bin --host 127.0.0.1 --port 3232
refuses 2 'good-app-esp32.bin: is for an ESP32, and --port 8266 .*--chip' \
    good-app-esp32.bin --host 127.0.0.1 --port 8266
refuses 2 'sketch.bin: .* no file system; leave out --filesystem' sketch.bin "${to[@]}" --filesystem
refuses 2 'sketch.bin: .*no check can use --chip; leave it out' sketch.bin "${to[@]}" --chip esp32
refuses 2 'none.bin: cannot open' none.bin "${to[@]}"

# What extract is told to write is what can be pushed then.
expect_exit 0 otapack extract good-merged-esp32.bin factory -o app.bin
refuses 2 'nosuch.invalid: there is no host of this name' app.bin --host nosuch.invalid

# ---- The command line ---------------------------------------------------------------------------

refuses 2 'push needs to know the device; .*--host' sketch.bin
for habit in --auth=s3cret '-a s3cret' -as3cret '--auth s3cret'; do
    # shellcheck disable=SC2086 # a command line is words
    refuses 2 'push has no option -+a(uth)?; .*--auth-file' sketch.bin "${to[@]}" $habit
    refuse_err s3cret
done
refuses 2 '8266: is no file, and -p is the partition table here; write --port 8266' sketch.bin -p 8266 -H 127.0.0.1
refuses 2 'push has no option -i; the device is --host ADDR' -i 127.0.0.1 -f sketch.bin
refuses 2 'push has no option --file; .*push FILE' --file sketch.bin
refuses 2 'push has no option -s; ' sketch.bin "${to[@]}" -s
refuses 2 '--port 0: write a number from 1 to 65535' sketch.bin --host 127.0.0.1 --port 0
refuses 2 '--host-port 65536: write' sketch.bin --host 127.0.0.1 --host-port 65536
refuses 2 '--retry x: write' sketch.bin --host 127.0.0.1 --retry x
expect_exit 2 otapack push sketch.bin "${to[@]}" --timeout 0
expect_err '^otapack: --timeout 0: write a number from 1 to 3600$'
refuses 2 '--host-ip nosuch.invalid: is no address' sketch.bin "${to[@]}" --host-ip nosuch.invalid
refuses 2 '--host-ip 192.0.2.1: .*cannot be reached from there' sketch.bin "${to[@]}" --host-ip 192.0.2.1
expect_exit 2 otapack espota.py
expect_err 'otapack push FILE --host ADDR; otapack compat espota'

# ---- The password -------------------------------------------------------------------------------

with=(--host 127.0.0.1 --port "${PORT[esp8266-password]}")
refuses 2 'none: cannot open' sketch.bin "${with[@]}" --auth-file none
: >empty
chmod 600 empty
refuses 2 'empty: its first line is empty' sketch.bin "${with[@]}" --auth-file empty
no_file devices/esp8266.log # nobody was invited so far
if command -v setsid >/dev/null 2>&1; then
    expect_exit 2 setsid -w "$OTAPACK" push sketch.bin "${with[@]}"
    expect_one_line_err
    expect_err 'the password of 127.0.0.1 is needed, .*--auth-file'
fi
cp password shared
chmod 644 shared
# Nothing was left open: it answers at once.
expect_exit 0 otapack push sketch.bin "${with[@]}" --auth-file shared
expect_one_line_err
expect_err '^otapack: shared: warning: others than its owner can read this password; chmod 600 it$'
refuses 2 '127.0.0.1: asks for its password by MD5; leave out --no-md5' \
    sketch.bin "${with[@]}" --auth-file password --no-md5
expect_exit 0 otapack push sketch.bin "${to[@]}" --auth-file password
expect_one_line_err
expect_err '^otapack: 127.0.0.1: note: asks for no password: '
# From a pipe, and quietly.
expect_exit 0 otapack push - "${to[@]}" --quiet --auth-file password <good-gzip.bin
no_out
no_err
took esp8266 good-gzip.bin 0

# ---- The network --------------------------------------------------------------------------------

refuses 2 "127.0.0.1: nothing listens at its port ${PORT[free]}; see that ArduinoOTA runs there" \
    sketch.bin --host 127.0.0.1 --port "${PORT[free]}" --retry 0
# What is said of the device tells the port, where the file does not.
refuses 2 '127.0.0.1: nothing listens at its port 3232;' good-v2.0.bin --host 127.0.0.1 --chip esp32 --retry 0
# One after the other can have one port, also where we hang up first.
cp good-v2.0.bin fs.bin
for reason in 'answers no more' 'no answer'; do # for this device does nothing else then
    expect_exit 2 otapack push fs.bin --host 127.0.0.1 --port "${PORT[stops]}" --host-port "${PORT[free]}" \
        --timeout 2 --retry 0
    expect_err "$reason"
done
# Two at a time cannot have one port. The first one waits for an answer meanwhile.
otapack push sketch.bin --host 127.0.0.1 --port "${PORT[silent]}" --host-port "${PORT[free]}" --timeout 5 --retry 0 2>first &
first=$!
for ((i = 0; i < 200; i++)); do
    [ ! -s devices/silent.log ] || break
    sleep 0.02
done
refuses 2 "--host-port ${PORT[free]}: cannot be used: .*; choose another port" \
    sketch.bin "${to[@]}" --host-port "${PORT[free]}"
kill "$first"
wait "$first" || true

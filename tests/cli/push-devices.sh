# SPDX-License-Identifier: Apache-2.0
# push, to devices that run ArduinoOTA of either core: they take what was sent, refuse it, or do what
# no device should. All at a time: most of them let it wait.
. "$SOURCE/tests/push-lib.sh"

devices
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.bin
cp "$FIXTURES/esp8266/good-gzip-signed.bin" signed.bin.gz
cp "$FIXTURES/esp_image/good-app-esp32.bin" app.bin
cp "$FIXTURES/littlefs/good-v2.0.bin" fs.bin
head -c 5000 /dev/zero | tr '\0' '\7' >unknown.bin

# NAME|DEVICE|STATUS|what standard error has, "": nothing|FILE OPTION...
text_to rows <<'END'
sketch|esp8266|0||sketch.bin
md5|esp8266-password|0||signed.bin.gz --auth-file password
md5-wrong|esp32-old-password|1|refuses the password; correct what is in wrong-password|app.bin --auth-file wrong-password
sha256|esp32-password|0||app.bin --auth-file password --no-md5
sha256-of-md5|esp32-password-of-md5|0||app.bin --auth-file password
app|esp32|0||app.bin --chip esp32
full|esp8266-full|1|does not take sketch.bin, and says .ERROR\[4\]: Not Enough Space.; .*smaller|sketch.bin
full-esp32|esp32-full|2|says OK, and does not connect to 127.0.0.1, port [0-9]+; .*--host-port.*room|app.bin --timeout 2
silent|silent|2|no answer from port [0-9]+ in 1 s; .*--port|sketch.bin --timeout 1
garbage|garbage|2|answers '', which no ArduinoOTA says|sketch.bin
html|html|2|answers 'HTTP/1.0 400 Bad Request', which no ArduinoOTA says; correct --host and --port|fs.bin
odd-number|odd-number|2|answers 'AUTH 5{40}', which no|fs.bin --auth-file password
wrong-number|wrong-number|2|answers 'AUTH .x1b\[31mzz|fs.bin --auth-file password
long-number|long-number|2|answers 'AUTH 5+', which no|fs.bin --auth-file password
never-ok|never-ok|2|no answer from port|fs.bin --timeout 1
no-connection|no-connection|2|says OK, and does not connect|fs.bin --timeout 2
strangers|strangers|0||fs.bin
cut-once|cut-once|0|was sent 4380 of 8192 bytes, and hung up; .* \(trying again, 1 of 1\)|fs.bin --retry 1
cut-always|cut-always|2|was sent 1460 of 8192 bytes, and hung up; see|fs.bin
stops|stops|2|was sent 1460 of 8192 bytes, and answers no more; see|fs.bin --timeout 2
slow|slow|0||fs.bin
small-pieces|small-pieces|0||fs.bin
floods|floods|0||fs.bin
counts-on|counts-on|2|was sent all bytes, and does not say whether it takes them|fs.bin --timeout 1
no-verdict|no-verdict|2|was sent all bytes, and does not say whether|fs.bin --timeout 1
at-the-end|hangs-up-at-the-end|2|was sent all bytes, and does not say whether|fs.bin
early|says-ok-early|2|was sent 1460 of 8192 bytes, and says OK too early|fs.bin
midway|refuses-midway|1|says 'ERROR\[10\]: Magic byte is not 0xE9'; |fs.bin
without-an-end|refuses-without-an-end|1|says 'Not Enough Space'; make the file smaller|fs.bin
at-length|refuses-at-length|1|says '(.x1b\[31mX)+.x1b\['; its serial port may|fs.bin
signature|refuses-signature|1|says 'ERROR\[12\]: Signature verification failed'; sign it|fs.bin
END

push_into() { # push_into NAME ARGUMENT...: what it says goes into NAME.out, NAME.err and NAME.status
    local into=$1 ended=0
    shift
    push "$@" >"$into.out" 2>"$into.err" || ended=$?
    echo $ended >"$into.status"
}
pids=()
while IFS='|' read -r name device status pattern line; do
    # shellcheck disable=SC2086 # a command line is words
    push_into "$name" ${line%% *} "$device" ${line#"${line%% *}"} &
    pids+=($!)
done <rows

# A file system that otapack does not know, and what OK in two pieces is; the port that was asked for.
push_into last unknown.bin ok-in-pieces --filesystem --host-port "${PORT[free]}" &
wait "${pids[@]}" $!

told() { # told NAME STATUS PATTERN
    last_command="the row $1"
    cp "$1.out" out
    cp "$1.err" err
    file_is "$1.status" "$2" || fail "exit status $(<"$1.status") instead of $2"
    refuse_err 'Sanitizer|runtime error'
    if [ -n "$3" ]; then expect_err "^otapack: 127\.0\.0\.1: .*$3"; else no_err; fi
    if [ "$2" = 0 ]; then expect_out 'bin(\.gz)?: 127.0.0.1 took all [0-9,]+ bytes$'; else no_out; fi
}
while IFS='|' read -r name device status pattern line; do
    told "$name" "$status" "$pattern"
    [ "$status" != 0 ] || took "$device" "${line%% *}" "$([[ $line == fs.bin* ]] && echo 100 || echo 0)"
done <rows
told last 0 ''
has_line "^invited 100 to ${PORT[free]}, 5000 bytes" devices/ok-in-pieces.log || fail 'it was to connect elsewhere'

# A challenge is answered once, with the digest that its core has; only then with the other one.
[ "$(grep -c '^response 64' devices/esp32-password.log)" = 1 ] || fail 'not one response'
[ "$(grep -c '^response 64' devices/esp32-password-of-md5.log)" = 2 ] || fail 'not two responses'
[ ! -s devices/errors ] || { cat devices/errors; fail 'a device broke'; }

# SPDX-License-Identifier: Apache-2.0
# compat espota: the command lines of espota.py of both cores, as the Arduino IDE and PlatformIO call
# it, do what otapack push does.
. "$SOURCE/tests/push-lib.sh"

devices esp8266 esp8266-password esp32 esp32-password esp32-password-of-md5 ok-in-pieces
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.bin
cp "$FIXTURES/esp8266/good-signed.bin" signed.bin
cp "$FIXTURES/esp_image/good-app-esp32.bin" app.bin
cp "$FIXTURES/spiffs/good-plain.bin" fs.bin
head -c 5000 /dev/zero | tr '\0' '\7' >unknown.bin
to() { args=(-i 127.0.0.1 -p "${PORT[$1]}"); }

to esp8266
expect_exit 0 otapack compat espota "${args[@]}" -f sketch.bin -d -r
no_err
took esp8266 sketch.bin 0
expect_exit 0 otapack compat tools/espota.py --ip=127.0.0.1 --port="${PORT[esp32]}" --auth= --file=app.bin \
    --progress --host_ip=0.0.0.0 --host_port="${PORT[free]}" -t 5
no_err
took esp32 app.bin 0
has_line "^invited 0 to ${PORT[free]}, " devices/esp32.log || fail 'it was to connect elsewhere'
to esp8266-password
expect_exit 0 otapack compat espota "${args[@]}" -a 'ein Pässwort:1' -s -f fs.bin
took esp8266-password fs.bin 100
to esp32-password
expect_exit 0 otapack compat espota "${args[@]}" -a falsch -a 'ein Pässwort:1' -f app.bin
took esp32-password app.bin 0
to esp32-password-of-md5
expect_exit 0 otapack compat espota "${args[@]}" -m -a 'ein Pässwort:1' -f app.bin
took esp32-password-of-md5 app.bin 0
to ok-in-pieces
expect_exit 0 otapack compat espota "${args[@]}" --spiffs -f unknown.bin
has_line '^invited 100 ' devices/ok-in-pieces.log || fail 'it is a file system'

# What the ESP8266's core has signed is sent for what it was made of.
cp signed.bin sketch.bin.signed
to esp8266
expect_exit 0 otapack compat espota "${args[@]}" -f sketch.bin
expect_one_line_err
expect_err '^otapack: sketch.bin.signed: is sent for sketch.bin'
took esp8266 sketch.bin.signed 0

# What is no use is refused: by the device, and before that.
to esp8266-password
expect_exit 1 otapack compat espota "${args[@]}" -a falsch -f sketch.bin
expect_err 'refuses the password; try another'
refuse_err falsch
if command -v setsid >/dev/null 2>&1; then
    expect_exit 2 setsid -w "$OTAPACK" compat espota "${args[@]}" -f app.bin
    expect_one_line_err
    expect_err 'the password .* give it with --auth$'
fi
expect_exit 2 otapack compat espota "${args[@]}" -s -f app.bin
expect_one_line_err
expect_err 'no file system; leave out --spiffs'
expect_exit 2 otapack compat espota -f app.bin
expect_err 'espota needs --ip and --file'
expect_exit 2 otapack compat espota -i 127.0.0.1
expect_err 'espota needs --ip and --file'
expect_exit 2 otapack compat espota -i 127.0.0.1 -f app.bin -p 0
expect_err '--port 0: write a number'

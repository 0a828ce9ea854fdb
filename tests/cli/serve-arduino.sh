# SPDX-License-Identifier: Apache-2.0
# serve, as the updaters of the Arduino cores ask: what is current is not sent again, what would not
# work on a device is not sent to it, and a table says who gets what.
. "$SOURCE/tests/serve-lib.sh"
need md5sum gzip

md5_of() { md5sum <"$1" | cut -c 1-32; }
# updater CORE [NAME=VALUE]... [-- ...]: what the devices get, a line each, in ./out. all_are TEXT.
updater() { device updater "$URL$FILE" "$@" >out; }
all_are() { [ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = "$1 " ] || { cat said >&2; fail "not $1"; }; }

mkdir www
cp "$FIXTURES/esp8266/good-arduino.bin" www/light.bin
gzip -9nc www/light.bin >www/light.bin.gz
cp "$FIXTURES/esp8266/good-arduino-16mb.bin" www/large.bin
cp "$FIXTURES/esp_image/good-app-esp32.bin" www/app.bin
chmod u+w www/*
touch -d '2 hours ago' www/*
plain=$(md5_of www/light.bin)

# The file that is asked for. What runs is compared with what the update unpacks to, and with that as
# the updater writes it: with the device's own flash mode in its header.
serve www
FILE=light.bin
cp www/light.bin qio.bin
poke qio.bin 2 0
updater ESP8266 -- sketch-md5="$plain" -- sketch-md5="$(md5_of qio.bin)" -- sketch-md5="${plain^^}"
all_are '200 304 304 304'
[ "$(head -1 out)" = "200 $plain" ] || fail 'another file came'
FILE=light.bin.gz
updater ESP8266 -- sketch-md5="$plain" -- sketch-md5="$(md5_of www/light.bin.gz)"
all_are '200 304 200'
[ "$(head -1 out)" = "200 $(md5_of www/light.bin.gz)" ] || fail 'another file came'

# Who does not say what it is; and by what it says, whoever it claims to be.
FILE=light.bin
updater ESP8266 STA-MAC= -- free-space= -- sketch-md5= -- chip-size= -- sketch-size= -- agent=curl
all_are '403 403 403 403 403 200'
expect_said '^otapack: /light\.bin from 127\.0\.0\.1: 403: it does not say its x-ESP8266-STA-MAC, '
updater ESP8266 free-space=many -- chip-size=-1
all_are '403 403'
expect_said ": 403: its free-space 'many' is no number"
expect_said ": 403: its chip-size '-1' is no flash size"

# What would not work on it.
updater ESP8266 free-space=4000 -- free-space=4096 -- free-space=8192 -- mode=spiffs
all_are '403 403 200 403'
expect_said ': 403: www/light\.bin: .*; .* \[esp8266-free-space\]$'
FILE=large.bin
updater ESP8266 -- chip-size=16777216
all_are '403 200'
expect_said ': 403: www/large\.bin: .*; .* \[esp8266-flash-size\]$'
FILE=app.bin
updater ESP8266
all_are 403
expect_said ': 403: www/app\.bin: is not what it asks for, a sketch for an ESP8266$'
FILE=missing.bin
updater ESP8266
all_are 404

# HTTPUpdate of the ESP32, by HTTP/1.0.
FILE=app.bin
hash=$(otapack inspect www/app.bin --get hash)
updater ESP32 -- sketch-sha256="${hash^^}" -- sketch-md5="$(md5_of www/app.bin)" -- free-space=500 \
    -- free-space=512
all_are '200 304 304 403 200'
expect_said ': 403: www/app\.bin: has 512 bytes, and 500 are free for it; '
FILE=light.bin
updater ESP32
all_are 403
stop

# By a table, which is read again.
text_to table.yaml <<'END'
otapack: 1
updates:
  - product: light
    mac: ["5c:cf:7f:*", "AA:BB:CC:DD:EE:FF"]
    from: ["1.*", "2.0"]
    version: "2.1"
    file: www/light.bin
  - product: light
    mac: "5C:CF:7F:00:00:01"
    file: www/light.bin.gz
  - product: lights/*
    mode: sketch
    file: www/light.bin
END
touch -d '1 hour ago' table.yaml
serve www --updates table.yaml
FILE=light
updater ESP8266 version=1.7 -- version=2.0 -- version=2.1 -- version=2.1 STA-MAC=00:00:00:00:00:01 \
    -- version=1.7 STA-MAC=aa:bb:cc:dd:ee:ff -- 
all_are '200 200 200 404 200'
[ "$(sed -n 1p out)" = "200 $plain" ] || fail 'another file came for 1.7'
[ "$(sed -n 3p out)" = "200 $(md5_of www/light.bin.gz)" ] || fail 'another file came for 2.1'
expect_said ': 404: no row of table\.yaml is for the device 00:00:00:00:00:01, version 2\.1$'
FILE=lights/kitchen
updater ESP8266 -- mode=spiffs
all_are '200 404'
device statuses "$URL" /light /light.bin /other >out
[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '403 200 404 ' ] || fail 'others are answered otherwise'

# What a row knows of its devices is for them alone. What the device says to be free, is.
printf '%s\n' 'otapack: 1' 'updates:' \
    '  - {mac: "00:*", flash_mode: dout, file: www/light.bin.gz}' \
    '  - {mac: "01:*", flash_mode: dio, file: www/light.bin.gz}' \
    '  - {mac: "02:*", layout: 1m64, file: www/light.bin}' \
    '  - {mac: "03:*", layout: 4m2m, file: www/light.bin}' \
    '  - {file: www/light.bin.gz}' >devices.yaml
stop
serve www --updates devices.yaml
FILE=x
updater ESP8266 STA-MAC=00:00:00:00:00:01 -- STA-MAC=01:00:00:00:00:01 -- sketch-size=955000 -- \
    STA-MAC=02:00:00:00:00:01 sketch-size=955000 -- STA-MAC=02:00:00:00:00:01 -- \
    STA-MAC=02:00:00:00:00:01 free-space=4096 -- STA-MAC=03:00:00:00:00:01 sketch-size=955000
all_are '403 200 200 200 200 403 200'
expect_said ': 403: www/light\.bin\.gz: .*; .* \[esp8266-flash-mode\]$'
expect_said ': 403: www/light\.bin: .*, and 4,096 are free; .* \[esp8266-free-space\]$'
stop
serve www --updates table.yaml

# A wrong table keeps the old one; a good one takes its place.
echo 'updates: [{file: a, fiel: b}]' >table.yaml
FILE=light
updater ESP8266 version=1.7
all_are 200
expect_said '^otapack: table\.yaml: .*; the table stays as it was before$'
printf 'otapack: 1\nupdates: [{version: "3.0", fiel: b, file: www/light.bin}]\n' >table.yaml
updater ESP8266 version=1.7
all_are 200
expect_said "^otapack: table\.yaml:2:[0-9]+: .*fiel.*file.*; the table stays as it was before$"
printf 'otapack: 1\nupdates: [{version: "3.0", file: www/light.bin}]\n' >table.yaml
updater ESP8266 version=3.0 -- version=3.1
all_are '304 200'
stop

# From the start.
for wrong in '- a' 'otapack: 1' 'otapack: 1
updates: []
other: 1' 'otapack: 1
updates: [a]' 'otapack: 1
updates: [{version: a}]' 'otapack: 1
updates: [{file: a, mode: b}]' 'otapack: 1
updates: [{file: a, flash_mode: b}]' 'otapack: 1
updates: [{file: a, layout: [b]}]' 'otapack: 1
updates: [{file: [a]}]' 'otapack: 1
updates: [{file: a, mac: [[a]]}]'; do
    echo "$wrong" >wrong.yaml
    expect_exit 2 otapack serve www --port 0 --updates wrong.yaml --timeout 1
    expect_one_line_err
    expect_err '^otapack: wrong\.yaml:.*; |^otapack: wrong\.yaml:.*: write '
done

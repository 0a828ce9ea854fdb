# SPDX-License-Identifier: Apache-2.0
# The lines of packaging/arduino/hooks/*/platform.local.txt, run as arduino-cli runs them (its
# internal/arduino/builder/recipe.go): properties are put in for {NAME}, what is not known vanishes,
# quotes hold words together, and the patterns of a kind run by the order of their names.
. "$SOURCE/tests/cli-lib.sh"

need python3
mkdir 'my sketch' 'build dir' bin && ln -s "$OTAPACK" bin/otapack
PATH=$PWD/bin:$PATH
mkdir 'build dir/core'
bin='build dir/Plug.ino.bin'

text_to arduino.py <<'END'
import re, subprocess, sys
properties = {}
for name in sys.argv[2:]:
    if "=" in name:
        lines = [name]
    else:
        lines = open(name, encoding="utf-8").read().splitlines()
    for line in lines:
        if line.strip() and not line.startswith("#"):
            key, value = line.split("=", 1)
            properties[key.strip()] = value.strip()
for key in sorted(k for k in properties if k.startswith(sys.argv[1]) and k.endswith(".pattern")):
    line = properties[key]
    for _ in range(10):
        line = re.sub(r"\{([^{}]+)\}", lambda m: properties.get(m[1], m[0]), line)
    line = re.sub(r"\{[^{}]+\}", "", line)
    words = re.findall(r"\"([^\"]*)\"|'([^']*)'|(\S+)", line)
    status = subprocess.call(["".join(word) for word in words])
    if status != 0:
        sys.exit(status)
END

# arduino STATUS KIND CORE [PROPERTY=VALUE...]: runs the lines of that kind.
arduino() {
    status=$1 kind=$2 core=$3
    shift 3
    expect_exit "$status" python3 arduino.py "$kind" "build.path=$PWD/build dir" \
        "build.source.path=$PWD/my sketch" build.project_name=Plug.ino \
        "runtime.platform.path=$SOURCE/packaging/arduino/hooks/$core" \
        "$SOURCE/packaging/arduino/hooks/$core/platform.local.txt" "$@"
}

# ---- ESP8266 ------------------------------------------------------------------------------------

cp "$FIXTURES/esp8266/good-arduino.bin" "$bin"
arduino 0 recipe.hooks.objcopy esp8266 build.flash_ld=eagle.flash.4m2m.ld
grep -q 'Plug.ino.bin: .*ok, ' out || fail 'the sketch was not checked'
expect_exit 0 otapack inspect "$bin.gz"
grep -q 'gzip of 4,368 bytes' out || fail 'the sketch was not compressed'

arduino 0 recipe.objcopy.hex esp8266
no_file "$bin.signed"
openssl genrsa -out 'my sketch/private.key' 2048 2>/dev/null
openssl rsa -in 'my sketch/private.key' -pubout -out 'my sketch/public.key' 2>/dev/null
arduino 0 recipe.hooks.sketch.prebuild esp8266
grep -q 'ARDUINO_SIGNING 1' 'build dir/core/Updater_Signing.h' || fail 'the header has no key'
arduino 0 recipe.objcopy.hex esp8266
expect_exit 0 otapack verify "$bin.signed" --key 'my sketch/public.key'

arduino 1 recipe.hooks.objcopy esp8266 build.flash_ld=eagle.flash.512k.ld
grep -q '^otapack: .*Plug.ino.bin: ' err || fail 'what is wrong is not said'

# ---- ESP32 --------------------------------------------------------------------------------------

cp "$FIXTURES/br/demo_br.bin" "$bin"
cp "$FIXTURES/br/partition-table.bin" 'build dir/Plug.ino.partitions.bin'
arduino 0 recipe.hooks.objcopy esp32 build.mcu=esp32s3 build.flash_size=8MB
grep -q 'Plug.ino.bin: .*ok, ' out || fail 'the sketch was not checked'
arduino 1 recipe.hooks.objcopy esp32 build.mcu=esp32c3 build.flash_size=8MB
grep -q 'device-chip' err || fail 'the wrong chip is not named'
arduino 0 recipe.hooks.objcopy esp32 build.mcu=esp32s3 build.flash_size=8MB "otapack.cmd=$OTAPACK"

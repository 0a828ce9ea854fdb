# SPDX-License-Identifier: Apache-2.0
# packaging/platformio/otapack.py under SCons itself, which PlatformIO's builds run by. What PlatformIO
# and its platforms bring to it is stood in for by methods of the same names (platformio-core's
# builder/tools, builder/main.py of espressif32 and espressif8266).
. "$SOURCE/tests/cli-lib.sh"

need scons python3
mkdir -p 'my project/bin' && cd 'my project'
ln -s "$OTAPACK" bin/otapack
PATH=$PWD/bin:$PATH
cp "$SOURCE/packaging/platformio/otapack.py" .

# The firmware is `linked` by copying app.bin, after the partition table as with PlatformIO.
text_to SConstruct <<'END'
import json, os
from SCons.Script import AlwaysBuild, DefaultEnvironment
project = json.load(open("project.json"))
class Board:
    def get(self, name, default=None):
        return project["board"].get(name, default)
def GetProjectOption(env, name, default=None):
    return project["options"].get(name, default)
def AddCustomTarget(env, name, dependencies, actions, title=None, description=None):
    AlwaysBuild(env.Alias(name, dependencies, actions))
env = DefaultEnvironment(BUILD_DIR="build dir", PROGNAME="firmware", ENV=os.environ)
env.AddMethod(GetProjectOption)
env.AddMethod(AddCustomTarget)
env.AddMethod(lambda env: Board(), "BoardConfig")
env.AddMethod(lambda env, act, text: Action(act, text), "VerboseAction")
env.AddMethod(lambda env: project["board"]["build.ldscript"], "GetActualLDScript")
elf = env.Command("$BUILD_DIR/firmware.elf", "app.bin", Copy("$TARGET", "$SOURCE"))
if os.path.exists("table.bin"):
    table = env.Command("$BUILD_DIR/partitions.bin", "table.bin", Copy("$TARGET", "$SOURCE"))
    env.Append(FLASH_EXTRA_IMAGES=[("0x8000", "$BUILD_DIR/partitions.bin")])
    env.Depends(elf, table)
firmware = env.Command("$BUILD_DIR/firmware.bin", elf, Copy("$TARGET", "$SOURCE"))
Default(env.Alias("buildprog", firmware))
SConscript("otapack.py", exports="env")
END

# project BOARD OPTION...: what platformio.ini and the board say.
project() {
    board=$1
    shift
    python3 - "$board" "$@" >project.json <<'END'
import json, sys
pair = lambda text: text.replace("\\n", "\n").split("=", 1)
boards = {
    "esp32s3": {"build.mcu": "esp32s3", "upload.flash_size": "8MB"},
    "esp32c3": {"build.mcu": "esp32c3", "upload.flash_size": "8MB"},
    "esp8266": {"build.mcu": "esp8266", "build.ldscript": "eagle.flash.4m2m.ld"},
    "esp8266-small": {"build.mcu": "esp8266", "build.ldscript": "eagle.flash.512k.ld"},
}
options = {"custom_otapack_" + name: value for name, value in map(pair, sys.argv[2:])}
json.dump({"board": boards[sys.argv[1]], "options": options}, sys.stdout)
END
}
build() { expect_exit 0 scons -Q "$@"; }
# fails WORDS ARGUMENT...: the build does, and otapack's own line says why.
fails() {
    words=$1
    shift
    expect_exit 2 scons -Q "$@"
    grep -q "^otapack: .*$words" err || fail "no line of otapack says: $words"
}
# built: the last build made the image.
built() { grep -q '^Building ' out; }

# ---- Without a recipe: firmware.bin is checked for the board ------------------------------------

cp "$FIXTURES/br/demo_br.bin" app.bin
cp "$FIXTURES/br/partition-table.bin" table.bin
project esp32s3
build
grep -q '^build dir/firmware.bin: .*ok, ' out || fail 'the firmware was not checked'
build
! grep -q 'Checking' out || fail 'it was checked again, though nothing changed'
build otapack-inspect
grep -q 'project_name=demo_br' out || fail 'otapack-inspect does not show the firmware'
build otapack-verify
grep -q 'firmware.bin: .*ok, ' out || fail 'otapack-verify does not check it'

project esp32c3
fails 'device-chip' otapack-verify
project esp32s3 'verify=--require-signed'
fails 'is not signed' otapack-verify

# ---- With one: the image is made of it, and made again with each of its files -------------------

text_to light.yaml <<'END'
otapack: 1
output: not-this.ota
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: ${NUMBER}
  software_version_string: ${TEXT}
app: ${FIRMWARE}
END
project esp32s3 recipe=light.yaml 'defines=NUMBER=7\nTEXT=1.4.2'
build
[ "$(otapack inspect 'build dir/firmware.ota' --get software_version)" = 7 ] || fail 'not by the recipe'
no_file not-this.ota
built || fail 'the image was not built'
build
! built || fail 'it was built again for nothing'
echo '# more' >>light.yaml
build
built || fail 'the recipe changed, and it was not'
project esp32s3 recipe=light.yaml 'defines=NUMBER=8\nTEXT=1.4.2' output=ota/light.ota
build otapack-inspect
[ "$(otapack inspect ota/light.ota --get software_version)" = 8 ] || fail 'defines and output are not used'

# A file that only the recipe names.
cp "$FIXTURES/br/partition-table.bin" expected.bin
echo 'partition_table: expected.bin' >>light.yaml
build
: >expected.bin
expect_exit 2 scons -Q
no_file ota/light.ota

# What the device would refuse is not left behind.
sed -i '/^partition_table/d' light.yaml
project esp32c3 recipe=light.yaml 'defines=NUMBER=8\nTEXT=1.4.2' output=ota/light.ota
fails 'device-chip'
no_file ota/light.ota

# ---- ESP8266 ------------------------------------------------------------------------------------

rm table.bin
cp "$FIXTURES/esp8266/good-arduino.bin" app.bin
project esp8266
build
grep -q 'firmware.bin: .*ok, ' out || fail 'the sketch was not checked'
project esp8266-small
fails 'esp8266-' otapack-verify
text_to plug.yaml <<'END'
otapack: 1
output: plug.bin.gz
esp8266:
  image: ${FIRMWARE}
  compress: true
END
project esp8266 recipe=plug.yaml output=plug.bin.gz
build
grep -q '^plug.bin.gz: gzip file, ok' out || fail 'the sketch was not compressed'

# ---- Mistakes -----------------------------------------------------------------------------------

project esp8266 program=nowhere/otapack
expect_exit 1 scons -Q
grep -q '^otapack: nowhere/otapack: is not there; install otapack' err || fail 'the missing program is not named'
project esp8266 recipe=nowhere.yaml
expect_exit 2 scons -Q
grep -q 'nowhere.yaml' err || fail 'the missing recipe is not named'

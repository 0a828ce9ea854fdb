# SPDX-License-Identifier: Apache-2.0
# diff: each kind of change has its line and what follows from it; noise is set apart; the exit status
# says whether anything else differs.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
cp app.bin old.bin
cp app.bin new.bin

# differ LINE...: there is a difference, and these lines (regular expressions) say what.
differ() {
    expect_exit 1 otapack diff old.bin new.bin
    for line; do expect_out "$line"; done
    no_err
}
new() { cp old.bin new.bin; }

# ---- values of an app -----------------------------------------------------------------------------

expect_exit 0 otapack diff old.bin new.bin
expect_out '^the same, byte for byte$'
esp_text new.bin $AT_VERSION v9.0
differ '^  desc\.version: .* -> v9\.0$' '^build noise: .*hash' '^different: 1 change$'
refuse_out 'checks:'
cp new.bin older.bin
new
esp_text old.bin $AT_VERSION v10.0
cp older.bin new.bin
differ '^  desc\.version: v10\.0 -> v9\.0$' 'apps that compare versions refuse it; was the newer file given first\?'

new
esp_data new.bin $AT_SECURE_VERSION 2 0 0 0
differ '^  desc\.secure_version: 0 -> 2$' '^      with anti-rollback, .* burns eFuses: no way back$' \
    '^  desc\.version: still v10\.0$' 'take it for the one that runs'
expect_exit 1 otapack diff new.bin old.bin
expect_out '^  desc\.secure_version: 2 -> 0$'
expect_out 'a device that has burned more refuses it'
new
esp_text new.bin $AT_PROJECT other
differ 'desc\.project_name: .* -> other$' 'it is another product'
new
esp_text new.bin $AT_IDF v5.5
differ 'desc\.idf_ver: .* -> v5\.5$'

# The ELF file's hash is another one in each build, and so is the date: nothing else differs.
new
esp_data new.bin 176 1 2 3 4
expect_exit 0 otapack diff old.bin new.bin
expect_out '^build noise: checksum, hash, desc\.app_elf_sha256$|^build noise: .*desc\.app_elf_sha256'
expect_out '^the same, but for what every build changes$'
expect_exit 1 otapack diff --exact old.bin new.bin
expect_exit 1 otapack diff -x old.bin new.bin

# ... and code is code: how many bytes of it differ is all that is said.
new
esp_data new.bin 300 1 2 3 4
differ '^  segments\[0\] \(0x[0-9a-f]*\): [1-4] bytes? differs?$'


# What breaks is a check that says something else.
new
flip new.bin 300
differ '^checks:$' '^  esp-checksum: ok -> FAIL: ' '^different: 1 change, and 2 checks say something else$'
expect_exit 1 otapack diff new.bin old.bin
expect_out '^  esp-checksum: FAIL -> ok$'
expect_exit 1 otapack diff old.bin new.bin --allow esp-checksum
expect_out '^  esp-checksum: ok -> warn: '

new
esp_grow new.bin 32
differ '^  the file: [0-9,]* bytes -> [0-9,]* bytes \(\+32, \+0\.7 %\)$' \
    '^  segments\[[0-9]\] \(0x[0-9a-f]*\): [0-9,]* bytes -> [0-9,]* bytes \(\+32, '
new
esp_header new.bin $AT_CHIP_ID 13 0
differ '^  chip: esp32s3 -> esp32c6$' 'a device with the old chip refuses it'
refuse_out 'chip_id'
new
esp_header new.bin 2 1
differ '^  spi_mode: [a-z]* -> qout$'
new
esp_header new.bin 15 100 0
differ '^  min_chip_rev_full: v0\.[0-9]* -> v1\.0$' 'a chip below that revision refuses it'

# A flash image and an app of another chip: the app in it is compared, and not its bootloader.
expect_exit 1 otapack diff "$FIXTURES/flash/good-merged-esp32.bin" "$FIXTURES/esp_image/good-app-esp32c6.bin"
expect_out '^      compared: factory of the old one, all of the new one$'
expect_exit 1 otapack diff "$FIXTURES/esp_encrypted_img/good-rsa.bin" "$FIXTURES/esp_image/good-app-esp32c6.bin"
expect_out '^      what they hold is not compared: needs --decrypt-key$'

# ---- signatures -----------------------------------------------------------------------------------

A=$FIXTURES/keys/ecdsa-p256-a.pem B=$FIXTURES/keys/ecdsa-p256-b.pem
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" plain.bin
otapack sign plain.bin --quiet --key "$A" -o a.bin
# An RSA signature is another one each time.
for file in one two; do otapack sign plain.bin --quiet --key "$FIXTURES/keys/rsa3072-a.pem" -o $file.bin; done
otapack sign plain.bin --quiet --key "$B" -o b.bin
otapack sign a.bin --quiet --append --key "$B" -o ab.bin
otapack sign ab.bin --quiet --order 1,0 -o ba.bin

# signed OLD NEW WORDS: what a device does that trusts the old keys.
signed() {
    expect_exit 1 otapack diff "$1.bin" "$2.bin"
    expect_out '^  signatures: '
    expect_out "^      a device that .*$3"
}
signed plain a 'takes it if it trusts the key'
expect_out '^  signatures: none -> ecdsa-p256 [0-9a-f]{16}$'
expect_out '^  the file: 512 bytes -> 8,192 bytes \(\+7,680, \+1500\.0 %\)$'
signed a plain 'verifies signatures refuses it'
signed a b 'trusts only the old keys refuses it'
signed a ab 'trusts the old keys takes it'
signed ab a 'keys that are gone refuses it'
signed ab b 'keys that are gone refuses it, and so does one$'
signed ab ba 'looks at the first one alone refuses it; others take it'
expect_exit 0 otapack diff one.bin two.bin
expect_out '^build noise: .*signatures\[0\]\.signature'

mkdir ring
cp "${A%.pem}.pub.pem" ring/PROD.pub.pem
cp "${B%.pem}.pub.pem" ring/DEV.pub.pem
expect_exit 1 otapack diff a.bin b.bin --keys ring
expect_out '^  signatures: ecdsa-p256 PROD -> ecdsa-p256 DEV$'

# ---- partitions -----------------------------------------------------------------------------------

pt_table old.bin 1 2 0x9000 0x6000 nvs 1 0 0xf000 0x2000 otadata 0 0x10 0x20000 0x100000 ota_0 \
    0 0x11 0x120000 0x100000 ota_1 1 0x82 0x300000 0x10000 files
pt_table new.bin 1 0 0xf000 0x2000 otadata 1 2 0x9000 0x5000 nvs 0 0x10 0x20000 0x100000 ota_0 \
    0 0x11 0x130000 0x100000 ota_1 1 0x82 0x300000 0x10000 web
differ '^  partitions\[1\]\.size \(nvs\): 24576 -> 20480$' 'has the old size; an update does not change it' \
    '^  partitions\[3\]\.offset \(ota_1\): 0x120000 -> 0x130000$' 'has it where it was' \
    '^  partitions\[4\]\.label \(0x300000\): files -> web$' '^different: 3 changes$'
pt_table new.bin 1 2 0x9000 0x6000 nvs 1 0 0xf000 0x2000 otadata 0 0x10 0x20000 0x100000 ota_0 \
    0 0x11 0x120000 0x100000 ota_1 1 2 0x400000 0x10000 more
differ '^  partitions\[4\] \(more\): new: more data nvs 0x400000 64 KiB$' 'and does not have it' \
    '^  partitions\[4\] \(files\): gone: files ' 'and still has it'

# ---- layers ---------------------------------------------------------------------------------------

expect_exit 1 otapack diff "$FIXTURES/matter/good-rcp.bin" app.bin
expect_out '^  the file: Matter OTA image -> ESP32-S3 app$'
expect_out '^      compared: payload\.host of the old one, all of the new one$'
expect_out '^different: 1 change$'
expect_exit 1 otapack diff "$FIXTURES/raw/html.bin" app.bin
expect_out '^  the file: bytes of no known format -> ESP32-S3 app$'

# Of what nobody knows, how much of it differs is said all the same.
printf 'what is this, and what is it for' >old.bin
printf 'what is that, and what is it for' >new.bin
differ '^  the file: 2 bytes differ$'

reference_build "$RCP" old.bin app.bin
copy_rcp rcp
esp_grow rcp/esp_ot_rcp.bin 16
reference_build rcp new.bin app.bin
differ '^  version\.text: still openthread' 'whose co-processor has it does not flash it anew'
refuse_out '^  host'
cp app.bin other.bin
esp_text other.bin $AT_VERSION v9.9
esp_text rcp/esp_ot_rcp.bin $AT_VERSION v0.1
reference_build rcp new.bin other.bin
differ '^  host\.desc\.version: .* -> v9\.9$' '^  firmware\.desc\.version: .* -> v0\.1$'
refuse_out 'apps that compare versions' # the co-processor is flashed, whichever version it has
reference_build "$RCP" new.bin other.bin
differ '^  host\.desc\.version: .* -> v9\.9$'
refuse_out 'version\.text'
cp "$FIXTURES/matter/good-app.bin" old.bin
otapack edit old.bin --quiet --set software_version=9 -o new.bin
differ '^  software_version: 2 -> 9$' '^different: 1 change$'
expect_exit 1 otapack diff new.bin old.bin
expect_out 'devices that have the old one refuse it; was the newer file given first\?'

# What is packed is compared as it is unpacked; what is encrypted needs its key.
expect_exit 1 otapack diff "$FIXTURES/esp8266/good-gzip.bin" "$FIXTURES/esp8266/good-gzip-qio.bin"
expect_out '^  content\.sketch\.flash_mode: dio -> qio$'
refuse_out '^  compressed'
expect_exit 1 otapack diff "$FIXTURES/esp8266/good-signed.bin" "$FIXTURES/esp8266/good-gzip-signed.bin"
expect_out '^      compared: image of the old one, image\.content of the new one$'
expect_exit 1 otapack diff "$FIXTURES/flash/good-merged-esp32.bin" \
    "$FIXTURES/flash/good-merged-esp32-from-0x1000.bin"
expect_out '^  flash_offset: 0x0 -> 0x1000$'
refuse_out 'has it where it was' # in the device, everything is where it was
cut_bytes app.bin 0 3000 >cut.bin
expect_exit 1 otapack diff app.bin cut.bin
expect_out '^  the file: can be read -> '
encrypted=$FIXTURES/esp_encrypted_img/good-rsa.bin
cp "$encrypted" other.bin
flip other.bin -1
expect_exit 1 otapack diff "$encrypted" other.bin
expect_out '^  content: not compared$'
expect_out '^      not read: needs --decrypt-key$'

# ---- forms ----------------------------------------------------------------------------------------

# A name in a file is no mark, no link, and no cell of the table.
host_firmware old.bin
cp old.bin new.bin
esp_text old.bin $AT_PROJECT 'a'
esp_text new.bin $AT_PROJECT '|`@me <b>'
expect_exit 1 otapack diff old.bin new.bin --format markdown
expect_out '^\| `desc\.project_name` \| `a` \| <code>&#124;&#96;&#64;me&#32;&#60;b&#62;</code> \|$'
expect_out '^- `desc\.project_name`: to apps'
expect_out '^Build noise: `checksum`, `hash`$'
esp_text old.bin $AT_PROJECT 'a|b'
expect_exit 1 otapack diff old.bin new.bin --format markdown
expect_out '^\| `desc\.project_name` \| <code>a&#124;b</code> \|'
esp_text old.bin $AT_PROJECT a
expect_exit 1 otapack diff old.bin new.bin --format html
expect_out '<th scope="row"><span class="path">desc\.project_name</span>'
expect_out '^<td>\|`@me &lt;b&gt;</td>$'
esp_text new.bin $AT_PROJECT "$(printf 'x\033[31m')"
expect_exit 1 otapack diff old.bin new.bin
expect_out 'a -> x\\x1b\[31m$'
need jq
expect_exit 1 otapack diff old.bin new.bin --json
jq -e '.result == "different" and (.changes[] | select(.new_path == "desc.project_name")
    | .old == "a" and .class == "meaning")' out >said || fail 'the JSON does not say so'

expect_exit 0 otapack diff old.bin - <old.bin
expect_out '^new standard input: '

# ---- mistakes -------------------------------------------------------------------------------------

# mistake WORDS ARGUMENT...
mistake() {
    pattern=$1
    shift
    expect_exit 2 otapack "$@"
    no_out
    expect_one_line_err
    expect_err "$pattern"
}
mkdir folder
mistake 'diff needs OLD NEW' diff old.bin
mistake "what to do with 'app.bin'" diff old.bin new.bin app.bin
mistake 'folder: is a folder' diff old.bin folder
mistake 'nothing: cannot open' diff nothing new.bin
mistake 'only one of the two' diff - -
mistake 'write text, json' diff old.bin new.bin --format xml
mistake 'exclude each other' diff old.bin new.bin --json --format text
mistake 'otapack diff OLD NEW' compare old.bin new.bin
expect_exit 0 otapack diff old.bin ./old.bin
expect_err '^otapack: \./old\.bin: note: the old and the new name are of this one file$'
: >empty.bin
expect_exit 1 otapack diff empty.bin old.bin
expect_out '^  the file: 0 bytes -> |^  the file: bytes of no known format -> '

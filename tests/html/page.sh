# SPDX-License-Identifier: Apache-2.0
# A page of several files in a real browser: on a desktop and on a phone, in light and dark, on paper, by
# keyboard, as a screen reader has it, without its script, in another page's frame.
. "$SOURCE/tests/cli-lib.sh"

need python3
python3 -c "import sys; sys.path.insert(0, '$SOURCE/tests/html'); import browser; sys.exit(not browser.find())" ||
    skip 'no chromium'

# All kinds of things to draw, one with names that would be more than names, one that is not there.
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" hostile.bin
esp_text hostile.bin $AT_PROJECT '</script><img onerror=alert(1)>'
files=("$FIXTURES/matter/good-rcp.bin" "$FIXTURES/flash/good-merged-esp32.bin"
    "$FIXTURES/esp_image/bad-esp-hash.bin" "$FIXTURES/esp8266/good-gzip-signed.bin"
    "$FIXTURES/br/partition-table.bin" hostile.bin none.bin)
status=0
otapack inspect --format html "${files[@]}" >page.html 2>err || status=$?
[ $status = 2 ] || fail "exit status $status"
otapack inspect --json "${files[@]}" >page.json 2>err || true
python3 "$SOURCE/tests/html/pages.py" page.html page.json ${OTAPACK_PICTURES-} >said || {
    cat said
    fail 'the page is not what it has to be'
}

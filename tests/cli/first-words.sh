# SPDX-License-Identifier: Apache-2.0
# What people type first: a file alone, the words of other tools, words in the wrong order, a line of a
# device's log.
. "$SOURCE/tests/cli-lib.sh"

need jq
cp "$FIXTURES/br/demo_br.bin" demo.bin

# ---- A file where the verb belongs --------------------------------------------------------------

expect_exit 0 otapack inspect demo.bin
mv out inspected
expect_exit 0 otapack demo.bin
same out inspected
expect_exit 0 otapack ./demo.bin --get desc.version
[ "$(cat out)" = 1.4.2 ] || fail 'options behind a file are not taken'
for verb in inspect verify sign build; do
    expect_exit 2 otapack demo.bin $verb
    grep -qx "otapack: demo.bin: is a file; put the verb first: otapack $verb demo.bin" err ||
        fail "$verb behind its file has no answer"
done
mkdir verify # a file does not take a verb's place
expect_exit 2 otapack verify
expect_exit 2 otapack missing.bin
grep -q '^otapack: missing.bin: there is no such file, and no such verb; ' err || fail 'no such file'

# ---- Words of other tools -----------------------------------------------------------------------

# answers WORDS PATTERN
answers() {
    # shellcheck disable=SC2086
    expect_exit 2 otapack $1
    expect_one_line_err
    grep -Eq "$2" err || fail "otapack $1: no hint of $2"
}
for word in info show image_info view; do answers "$word demo.bin" 'otapack inspect FILE'; done
answers version 'otapack --version'
for word in upload deploy release; do answers "$word demo.bin" 'otapack publish FILE --to TARGET'; done
answers 'merge_bin x' 'otapack build RECIPE with flash:'
answers 'sign_data x' 'otapack sign FILE --key KEY; otapack compat espsecure'
answers 'key gen x.pem' "did you mean generate"
answers 'key dig x.pem' "did you mean digest"
answers 'verfy demo.bin' "did you mean 'verify'"
answers 'help verfy' "did you mean 'verify'"
answers 'help nothing' "there is no help on 'nothing'"
no_file x.pem
# A hint that leads to nothing is worse than none.
sed -n 's/^    {"\([^"]*\)", "\(.*\)"},$/\1|\2/p' "$SOURCE/src/verb_hint.c" >hints
[ "$(wc -l <hints)" -gt 30 ] || fail 'hardly any hints were found'
otapack help --json | jq -r '.verbs[].name' >verbs
while IFS='|' read -r word hint; do
    ! grep -qx -- "$word" verbs || fail "$word is a verb, and has a hint"
    for verb in $(printf '%s\n' "$hint" | grep -oE 'otapack [a-z]+' | sed 's/otapack //'); do
        grep -qx -- "$verb" verbs || [ "$verb" = takes ] || fail "$word leads to $verb, which is no verb"
    done
done <hints

# ---- What a device logs -------------------------------------------------------------------------

expect_exit 0 otapack help 'E (1234) esp_https_ota: Incorrect app descriptor magic'
grep -q '^app-desc  ' out || fail 'the line leads elsewhere'
expect_exit 0 otapack help Checksum failed. Calculated 0x12 read 0xff
grep -q '^esp-checksum  ' out || fail 'words without quotes lead elsewhere'
expect_exit 2 otapack help 'E (99) wifi: no memory'
# Each line that is known leads to its check, whatever numbers are in it.
otapack help --json | jq -r '.checks[] | .id as $id | .logs[] | $id + "|" + .words' >logs
[ "$(wc -l <logs)" -gt 30 ] || fail 'hardly any lines of logs are known'
while IFS='|' read -r id words; do
    line=$(printf '%s' "$words" | sed 's/%0*[0-9]*[duxX]/42/g; s/%s/text/g')
    otapack help "E (1) tag: $line" >out 2>err || fail "nothing is known of: $line"
    grep -q "^$id  " out || fail "$line does not lead to $id"
done <logs

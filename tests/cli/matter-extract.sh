# SPDX-License-Identifier: Apache-2.0
# extract of a Matter image: the payload and its parts byte for byte; --recipe, and build makes the same
# file again, or extract names what a recipe cannot say.
. "$SOURCE/tests/matter-lib.sh"

demo_matter ota.bin min=0 max=1 url=https://example.com/ type=sha384
expect_exit 0 otapack extract ota.bin payload -o payload.bin
no_out
same app.bin payload.bin
expect_exit 0 otapack extract ota.bin payload -o -
same app.bin out
cut_bytes app.bin $AT_DESC 256 >desc
expect_exit 0 otapack extract ota.bin payload.desc -o desc.bin
same desc desc.bin
expect_exit 0 otapack extract ota.bin -o parts
[ -n "$(find parts -type f -exec cmp -s app.bin {} \; -print)" ] || fail 'the payload is not among the parts'
reference_build "$RCP" br.bin app.bin
matter make br.ota br.bin
expect_exit 0 otapack extract br.ota payload -o payload.bin
same br.bin payload.bin
expect_exit 0 otapack extract br.ota payload.host -o payload.bin
same app.bin payload.bin
demo_matter trailing.ota trailing=00112233
expect_exit 1 otapack extract trailing.ota trailing -o trailing.bin
[ "$(od -An -tx1 trailing.bin | tr -d ' ')" = 00112233 ] || fail 'trailing'

again() { # again FILE [BUILD-ARGUMENT...]
    again=$1
    shift
    rm -rf taken again.bin
    expect_exit 0 otapack extract "$again" --recipe taken
    grep -q '^matter:' taken/recipe.yaml || fail "$again: no matter: in the recipe"
    [ -z "$(find taken -type f -size +0 -exec cmp -s "$again" {} \; -print)" ] ||
        fail "$again: the image itself is among the parts"
    expect_exit 0 otapack build taken/recipe.yaml -o again.bin "$@"
    same "$again" again.bin
}
again ota.bin
grep -Eq '^(app|image):' taken/recipe.yaml || fail 'no app in the recipe'
for key in vendor_id product_id software_version min_applicable_software_version \
    max_applicable_software_version release_notes_url image_digest_type; do
    grep -q "^  $key:" taken/recipe.yaml || fail "no $key in the recipe"
done
again br.ota
grep -q '^rcp:' taken/recipe.yaml || fail 'no rcp in the recipe'
reference_build "$RCP" rcp.bin
matter make rcp.ota rcp.bin software_version_string=rcp
again rcp.ota
echo text >text.bin
for type in $TYPES; do
    matter make text.ota text.bin "type=$type" 'software_version_string="a: #b'"'"' \'
    again text.ota
done
# Values that YAML could take for something else.
for text in 1 1.0 0x10 yes null '~' '- a' '{a}' '*a' '&a' ' a ' '${HOME}' '$' 'ü€𝄞'; do
    matter make text.ota text.bin "software_version_string=$text" "url=https://example.com/$text"
    again text.ota
done

# The version's text is not the application's: build needs what extract was told, or a recipe that says so.
demo_matter other.ota software_version_string=other
rm -rf taken
status=0
otapack extract other.ota --recipe taken >out 2>err || status=$?
[ "$status" -le 1 ] || fail "status $status"
if [ "$status" -eq 1 ]; then expect_err 'matter-version-match'; fi
expect_exit 0 otapack build taken/recipe.yaml -o again.bin -a matter-version-match
same other.ota again.bin

# What no recipe can say: each is named, status 1.
for odd in wide=8 extra=240a07 behind=00 total_size=5 trailing=00 digest=00 text=322e301f; do
    demo_matter odd.ota "$odd"
    rm -rf taken
    expect_exit 1 otapack extract odd.ota --recipe taken
    expect_err '^otapack: .*odd\.ota'
done

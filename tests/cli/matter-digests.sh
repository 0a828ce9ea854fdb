# SPDX-License-Identifier: Apache-2.0
# All twelve digest types, by name and by number, in a recipe and by --set: the header that another
# program writes, and inspect finds the digest right; a changed payload is noticed.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
cat >recipe.yaml <<'END'
otapack: 1
output: ota.bin
app: app.bin
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: 2
END
number=0
for name in $TYPES; do
    number=$((number + 1))
    matter make expected.bin app.bin "type=$number"
    rm -f ota.bin
    expect_exit 0 otapack build recipe.yaml --set "matter.image_digest_type=$name"
    no_out
    same expected.bin ota.bin
    # Less than 256 bits is a warning, no more.
    case $number in
        [234569]) expect_err 'warning: .*\[matter-digest-short\]$' ;;
        *) no_findings ;;
    esac
    expect_exit 0 otapack build recipe.yaml --set "matter.image_digest_type=$number" -o number.bin -q
    same expected.bin number.bin
    { cat recipe.yaml; echo "  image_digest_type: $name"; } >typed.yaml
    expect_exit 0 otapack build typed.yaml -o typed.bin
    same expected.bin typed.bin

    expect_exit 0 otapack inspect --json ota.bin
    has_check pass matter-digest
    expect_exit 0 otapack inspect ota.bin --get image_digest_type
    out_is "$name"
    expect_exit 0 otapack inspect ota.bin --get image_digest
    out_is "$(matter digest "$number" app.bin)"
    cp ota.bin changed.bin
    at=$(($(size_of ota.bin) - 1))
    poke changed.bin $at $(($(u8 changed.bin $at) ^ 1))
    expect_exit 1 otapack inspect changed.bin
    expect_out 'matter-digest\]?'
done
matter make default.bin app.bin
expect_exit 0 otapack build recipe.yaml
same default.bin ota.bin

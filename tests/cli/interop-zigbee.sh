# SPDX-License-Identifier: Apache-2.0
# esp-zigbee-sdk's image_builder_tool.py wrote these files: compat writes the same, or says what no
# device takes; they are judged, taken apart and built again.
. "$SOURCE/tests/cli-lib.sh"
vectors
[ -f "$VECTORS/zigbee/table.tsv" ] || skip 'no files of image_builder_tool.py'

for file in "$VECTORS"/zigbee/*.bin "$VECTORS"/zigbee/*.patch "$VECTORS"/zigbee/*.png; do
    ln -s "$file" .
done

# What no device takes, or no gateway: which check says so, or the words of the refusal.
why() {
    case $1 in
    bad-length-past-end*) echo 'length is 32, but only' ;;
    bad-m*-hw-only*) echo 'hw-ver goes with' ;;
    length-cuts-app*) echo '\[esp-' ;;
    file-id-other*) echo 'is not what Zigbee files begin with' ;;
    esac
}
made=0 refused=0
while IFS=$'\t' read -r file name size status command; do
    case $command in 'image_builder_tool.py '*) ;; *) continue ;; esac
    eval "set -- ${command#image_builder_tool.py }"
    drop ./*.zigbee
    reason=$(why "$file")
    if [ "$status" != 0 ]; then
        last_command="$command"
        code=0
        otapack compat image_builder_tool "$@" >out 2>err || code=$?
        [ "$code" = 2 ] || fail "exit status $code where the script fails"
        expect_one_line_err
    elif [ -n "$reason" ]; then
        expect_exit_any=0
        otapack compat image_builder_tool "$@" >out 2>err || expect_exit_any=$?
        [ "$expect_exit_any" != 0 ] || fail "$file: is not refused"
        expect_err "$reason"
    else
        expect_exit 0 otapack compat image_builder_tool "$@"
        same "$VECTORS/zigbee/$file" "$name"
        out_is "File size: $size bytes
Generated OTA file: $name"
        made=$((made + 1))
        continue
    fi
    refused=$((refused + 1))
    [ -z "$(find . -name '*.zigbee')" ] || fail "$file: refused, and written"
done <"$VECTORS/zigbee/table.tsv"
[ "$made" -ge 20 ] && [ "$refused" -ge 14 ] || fail "only $made made, and $refused refused"

# What verify says of each.
judge() { # judge STATUS CHECK FILE...: CHECK - is none
    local wanted=$1 check=$2 file
    for file in "${@:3}"; do
        expect_exit "$wanted" otapack verify "$VECTORS/zigbee/$file.zigbee"
        if [ "$check" = - ]; then refuse_err '\[zigbee-'; else expect_err "\[$check\]$"; fi
    done
}
judge 0 - minimal all-options dest-plain-hex security-only security-zero hw-only string-32 \
    stack-version-3 signed-app decimal-numbers
judge 0 zigbee-header-version header-version-0x0101
judge 0 zigbee-element-alone several-elements vendor-element-first empty-element length-shortens
judge 0 zigbee-element-tag reserved-tag
judge 0 zigbee-images two-images
judge 0 zigbee-wild-card type-wildcard
judge 1 zigbee-image no-element
judge 1 zigbee-fields bad-min-hw-only bad-max-hw-only
judge 1 zigbee-element-size bad-length-past-end bad-length-past-end-in-between
judge 1 matter-header file-id-other
expect_exit 0 otapack inspect "$VECTORS/zigbee/gateway-rcp.zigbee" --get image.firmware.chip

# Taken apart, and built again.
for file in minimal all-options several-elements vendor-element-first empty-element reserved-tag \
    two-images type-wildcard gateway-rcp delta signed-app header-version-0x0101; do
    expect_exit 0 otapack extract "$VECTORS/zigbee/$file.zigbee" --recipe "$file"
    code=0
    otapack build "$file"/*.yaml -o "$file.again" >out 2>err || code=$?
    [ "$code" = 0 ] || fail "$file: not built again"
    same "$VECTORS/zigbee/$file.zigbee" "$file.again"
done

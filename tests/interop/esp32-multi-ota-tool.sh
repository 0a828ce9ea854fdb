# SPDX-License-Identifier: Apache-2.0
# What the Matter SDK's esp32_multi_ota_tool.py made of each CSV file, said of it and refused, beside
# what compat does with the same command line; and bundles with one fault, as the device's code judges
# them.
. "$SOURCE/tests/cli-lib.sh"
vectors
[ -f "$VECTORS/miot/table.tsv" ] || skip 'no vectors of esp32_multi_ota_tool.py'
cp "$VECTORS"/miot/*.csv "$VECTORS"/miot/*.bin "$VECTORS"/miot/*.enc "$VECTORS"/miot/*.patch .
chmod u+w ./*

# text_of FILE COMMAND: the standard output that a record has below this command.
text_of() {
    local line in= found=
    while IFS= read -r line; do
        case $line in
        "\$ esp32_multi_ota_tool.py $2"*) found=1 ;;
        '--- stdout') in=$found ;;
        '--- stderr') in= found= ;;
        *) [ -z "$in" ] || printf '%s\n' "$line" ;;
        esac
    done <"$1"
}

# What the script writes to standard error as an error, without the path of this machine.
error_of() {
    local line
    while IFS= read -r line; do
        case $line in
        'error: '*) printf '%s' "${line#error: }" ;;
        esac
    done <"$1"
}

made=0 refused=0
while IFS= read -r line || [ -n "$line" ]; do
    IFS='|' read -r csv file size wanted _ command <<<"${line//$'\t'/|}"
    [ "$csv" != csv ] || continue
    stem=${csv%.csv}
    words=${command#* }
    if lacks "${words//-/_}"; then continue; fi
    # shellcheck disable=SC2086 # one argument per word
    set -- $words
    record=$VECTORS/miot/$stem.txt
    if [ "$file" != - ]; then
        expect_exit 0 otapack compat esp32_multi_ota_tool "$@"
        cp out created
        same "$VECTORS/miot/$file" "$file"
        [ "$(size_of "$file")" = "$size" ] || fail "$file has another size"
        text_of "$record" create-multi >wanted.txt
        same wanted.txt created
        expect_exit 0 otapack compat esp32_multi_ota_tool show "$file"
        text_of "$record" show >wanted.txt
        same wanted.txt out
        expect_exit 0 otapack compat esp32_multi_ota_tool extract "$file" payload.bin
        cut_bytes "$file" $((size - $(size_of payload.bin))) $(size_of payload.bin) >rest.bin
        same rest.bin payload.bin
        made=$((made + 1))
        continue
    fi
    status=0
    otapack compat esp32_multi_ota_tool "$@" >out 2>err || status=$?
    [ ! -s out ] && [ ! -e "${!#}" ] || fail "$csv: something was written"
    case $stem in
    err-csv-missing) text='No such file' wanted=2 ;;
    err-header-with-blanks) text="blanks stand beside 'version'" ;;
    err-digest-unknown) text="'md5'" ;;
    # What a header may be says the check of it, and not the script.
    err-vendor-zero) text='vendor_id is 0' ;;
    err-product-zero) text='product_id is 0' ;;
    err-version-string-long) text='software_version_string has 65 bytes' ;;
    err-min-version) text='min_applicable_software_version 2 is not below software_version 2' ;;
    *) text=$(error_of "$record") ;;
    esac
    [ "$status" = "$wanted" ] || fail "$csv: status $status, the script's is $wanted: $(<err)"
    [ -n "$text" ] && [[ $(<err) == *"$text"* ]] || fail "$csv: does not say: $text"
    refused=$((refused + 1))
done <"$VECTORS/miot/table.tsv"
[ $made -ge 15 ] && [ $refused -ge 20 ] || fail "only $made made, $refused refused"

# Verdicts: of the bundles, and of those with a fault. What is inside is another matter: some of these
# parts are no images at all.
verdict() { # verdict FILE: the bundle's own checks that fail
    otapack verify --json "$1" >out 2>err || :
    jq -r '[.. | .checks? // empty | .[] | select(.verdict == "fail") | .id
        | select(startswith("bundle-"))] | unique | join(" ")' out
}
need jq
for file in *.ota; do
    case $file in
    version-extremes.ota) wanted=bundle-rcp ;; # one byte for an RCP
    *) wanted= ;;
    esac
    found=$(verdict "$file")
    [ "$found" = "$wanted" ] || fail "$file: fails $found, not $wanted"
done
count=0
while IFS=$'\t' read -r file _ _ says || [ -n "$file" ]; do
    [ "$file" != file ] || continue
    found=$(verdict "$VECTORS/miot/$file")
    case $file:$says in
    *:'not refused'*) [ -z "$found" ] || fail "$file: fails $found, and the device takes it" ;;
    # Cut off: the Matter header says so.
    bad-cut.ota:*) expect_exit 1 otapack verify "$VECTORS/miot/$file" ;;
    *) [ -n "$found" ] || fail "$file: passes, and the device says: $says" ;;
    esac
    count=$((count + 1))
done <"$VECTORS/miot/damaged-table.tsv"
[ $count -ge 10 ] || fail "only $count damaged bundles"
